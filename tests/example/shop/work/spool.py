"""A spool folder: jobs are files, a worker claims one by renaming it and forks a child for it.

A child that crashes takes its job with it, never the worker.
"""

import json
import logging
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from shop.errors import InvalidValue, NotFound
from shop.query.index import Index
from shop.work.parallel import price_range

LOG = logging.getLogger(__name__)
HANDLERS = {}


def handler(kind):
    def register(function):
        HANDLERS[kind] = function
        return function

    return register


@dataclass(frozen=True)
class Outcome:
    """How a job ended: 'done', 'failed' or 'killed'."""

    name: str
    state: str
    detail: str = ""


class Spool:
    """Jobs in a folder, in the order of their names."""

    def __init__(self, folder):
        self.folder = Path(folder)
        for name in ("new", "running", "done", "failed"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def submit(self, name, kind, **arguments):
        if kind not in HANDLERS:
            raise InvalidValue(f"no such kind of job: {kind}")
        text = json.dumps({"kind": kind, "arguments": arguments})
        # Written elsewhere first: a worker must never see half a job.
        part = self.folder / f".{name}.part"
        part.write_text(text, encoding="utf-8")
        part.rename(self.folder / "new" / f"{name}.json")

    def claim(self):
        """The path of the next job, now in 'running', or None."""
        for path in sorted((self.folder / "new").glob("*.json")):
            target = self.folder / "running" / path.name
            try:
                path.rename(target)
            except FileNotFoundError:  # pragma: no cover - another worker was faster
                continue
            return target
        return None

    def finish(self, path, state, text):
        """Move a job to where it belongs, and its result beside it."""
        folder = self.folder / ("done" if state == "done" else "failed")
        path.rename(folder / path.name)
        (folder / path.name).with_suffix(".txt").write_text(text, encoding="utf-8")

    def result(self, name):
        for state in ("done", "failed"):
            path = self.folder / state / f"{name}.txt"
            if path.exists():
                return state, path.read_text(encoding="utf-8")
        raise NotFound("job", name)

    def pending(self):
        return [path.stem for path in sorted((self.folder / "new").glob("*.json"))]

    def recover(self):
        """Put back what a worker that is gone had begun; returns the names."""
        names = []
        for path in sorted((self.folder / "running").glob("*.json")):
            path.rename(self.folder / "new" / path.name)
            names.append(path.stem)
        return names


def run_job(path):
    """Run one job in this process; returns its result as text."""
    job = json.loads(path.read_text(encoding="utf-8"))
    return str(HANDLERS[job["kind"]](**job["arguments"]))


def _child(path, descriptor):
    """What the forked child does. It must not return: the parent's stack is below it."""
    status = 1
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            try:
                stream.write(run_job(path))
                status = 0
            except Exception as error:
                stream.write(f"{type(error).__name__}: {error}")
    finally:
        os._exit(status)


def work(spool, limit=None):
    """Run jobs until there are none, or `limit` of them; returns their outcomes."""
    outcomes = []
    while limit is None or len(outcomes) < limit:
        path = spool.claim()
        if path is None:
            break
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _child(path, writing)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as stream:
            text = stream.read()
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            state, text = "killed", signal.Signals(-code).name
        else:
            state = "done" if code == 0 else "failed"
        LOG.info("%s: %s", path.stem, state)
        spool.finish(path, state, text)
        outcomes.append(Outcome(path.stem, state, text))
    return outcomes


@handler("echo")
def echo(text):
    return text


@handler("price")
def price(rules=(), products=20, orders=20, seed=1):
    totals = price_range((list(rules), products, 0, orders, seed))
    return f"{totals.orders} orders, {totals.net} net, {totals.tax} tax"


@handler("index")
def index(texts):
    return "{} documents, {} words".format(*Index().rebuild(enumerate(texts)))


@handler("crash")
def crash(signal_name="SIGKILL"):
    """For trying out what happens then."""
    os.kill(os.getpid(), getattr(signal, signal_name))


@handler("divide")
def divide(by):
    return 100 // by
