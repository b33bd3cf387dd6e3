"""A scheduler with a clock of its own: it jumps from one event to the next."""

import heapq
import itertools
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Callable, Optional

from shop.errors import InvalidState
from shop.schedule.cron import Cron

LOG = logging.getLogger(__name__)


@dataclass
class ScheduledJob:
    name: str
    action: Callable
    cron: Optional[Cron] = None
    retries: int = 0
    after: tuple = ()
    attempts: int = 0
    runs: list = field(default_factory=list)
    failures: list = field(default_factory=list)


class Scheduler:
    """Runs jobs at their times; failed ones again, later and later."""

    def __init__(self, now, backoff=timedelta(minutes=5)):
        self.now = now
        self.backoff = backoff
        self.jobs = {}
        self._queue = []
        self._order = itertools.count()

    def job(self, name, cron=None, retries=0, after=()):
        """A decorator that makes a function a job."""

        def register(action):
            self.add(name, action, cron, retries, after)
            return action

        return register

    def add(self, name, action, cron=None, retries=0, after=()):
        if name in self.jobs:
            raise InvalidState(f"there is a job {name} already")
        job = ScheduledJob(name, action, Cron(cron) if cron else None, retries, tuple(after))
        self.jobs[name] = job
        if job.cron:
            self._push(job.cron.next(self.now), job)
        return job

    def remove(self, name):
        job = self.jobs.pop(name)
        self._queue = [entry for entry in self._queue if entry[2] is not job]
        heapq.heapify(self._queue)

    def _push(self, moment, job):
        heapq.heappush(self._queue, (moment, next(self._order), job))

    def run_until(self, end):
        """Everything that is due up to `end`; returns (time, name, result) triples."""
        log = []
        while self._queue and self._queue[0][0] <= end:
            moment, _, job = heapq.heappop(self._queue)
            self.now = moment
            log.append((moment, job.name, self._run(job)))
            if job.attempts == 0 and job.cron:
                self._push(job.cron.next(moment), job)
        self.now = end
        return log

    def _run(self, job):
        try:
            result = job.action(self.now)
        except Exception as error:  # a job may fail in any way
            job.failures.append((self.now, error))
            job.attempts += 1
            LOG.warning("%s failed: %s", job.name, error)
            if job.attempts <= job.retries:
                self._push(self.now + self.backoff * 2 ** (job.attempts - 1), job)
                return "retry"
            job.attempts = 0
            return "failed"
        job.attempts = 0
        job.runs.append(self.now)
        for other in self.jobs.values():
            if job.name in other.after:
                self._push(self.now, other)
        return result if result is not None else "done"

    def order(self):
        """The jobs so that each one comes after those that it waits for."""
        done, result = set(), []

        def visit(name, path):
            if name in path:
                raise InvalidState("jobs wait for each other: " + " -> ".join([*path, name]))
            if name not in done:
                for before in sorted(self.jobs[name].after):
                    visit(before, [*path, name])
                done.add(name)
                result.append(name)

        for name in sorted(self.jobs):
            visit(name, [])
        return result


def parse_moment(text):
    return datetime.fromisoformat(text)
