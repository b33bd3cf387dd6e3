"""Runs behave's features in several processes and prints one summary.

    python behave_parallel.py [--processes N] [--mode pool|child] [--tags T] [--quiet] [FEATURE ...]

pool    forks N workers; each one runs chunks of features within itself
child   starts one `python -m behave FEATURE` for each feature, N at a time

With BEHAVE_PARALLEL_COVERAGE set everything runs in this one process, because slipcover sees one
process only; under covfork, which sees them all, it stays parallel.
"""

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("features", "scenarios", "steps")
# What behave's summary always mentions, and in this order.
ALWAYS = ("passed", "failed", "skipped")
CHUNKS_PER_WORKER = 4


@dataclass
class Result:
    """What became of some features. Plain data: it comes from other processes."""

    features: Counter = field(default_factory=Counter)
    scenarios: Counter = field(default_factory=Counter)
    steps: Counter = field(default_factory=Counter)
    failing: list = field(default_factory=list)
    output: str = ""
    failed: bool = False

    def add(self, other):
        for kind in KINDS:
            getattr(self, kind).update(getattr(other, kind))
        self.failing += other.failing
        self.failed |= other.failed


def crashed(features, reason, output=""):
    """The result of features whose process is gone."""
    return Result(
        features=Counter(error=len(features)),
        failing=[f"{name}  (not finished: {reason})" for name in features],
        output=f"{', '.join(features)}: {reason}\n{output}",
        failed=True,
    )


# One process


def run_features(features, tags):
    """Run features in this process, in one behave runner."""
    from behave.__main__ import run_behave
    from behave.configuration import Configuration
    from behave.runner import Runner

    runners = []

    class KeptRunner(Runner):
        """behave makes the runner itself; this one can be asked afterwards."""

        def __init__(self, config):
            super().__init__(config)
            runners.append(self)

    arguments = ["--format", "null", "--no-summary", "--no-snippets"]
    for tag in tags:
        arguments += ["--tags", tag]
    result = Result()
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        config = Configuration([*arguments, *features], load_config=False)
        result.failed = bool(run_behave(config, KeptRunner))
    for feature in runners[0].features if runners else ():
        count_feature(feature, result)
    if result.failed:
        result.output += out.getvalue()
    return result


def count_feature(feature, result):
    result.features[feature.status.name] += 1
    for scenario in feature.walk_scenarios():
        result.scenarios[scenario.status.name] += 1
        result.steps.update(step.status.name for step in scenario.all_steps)
        if scenario.status.has_failed():
            result.failing.append(f"{scenario.location}  {scenario.name}")
            result.output += describe(scenario)


def describe(scenario):
    """A failed scenario with its steps."""
    lines = [f"Scenario: {scenario.name}  # {scenario.location}"]
    for step in scenario.all_steps:
        lines.append(f"  {step.keyword} {step.name} ... {step.status.name}")
        if step.error_message:
            lines += [f"    {line}" for line in step.error_message.splitlines()]
    return "\n".join(lines) + "\n\n"


# A pool of workers


class Worker(multiprocessing.context.ForkProcess):
    """A pool makes its workers daemons, and those may have no children. Features have some."""

    @property
    def daemon(self):
        return False

    @daemon.setter
    def daemon(self, value):
        pass


class WorkerContext(multiprocessing.context.ForkContext):
    Process = Worker


def work_on_chunk(number, features, tags, folder):
    """In a worker: say who works on the chunk, then do it."""
    Path(folder, f"{number}.worker").write_text(str(os.getpid()))
    result = run_features(features, tags)
    Path(folder, f"{number}.worker").unlink()
    return result


def run_pool(features, tags, processes):
    """Yield a result for each chunk. A worker that dies fails its chunk and nothing else."""
    todo = dict(enumerate(split(features, processes * CHUNKS_PER_WORKER)))
    while todo:
        with tempfile.TemporaryDirectory(prefix="behave-parallel-") as folder:
            yield from run_pool_once(todo, tags, processes, folder)


def run_pool_once(todo, tags, processes, folder):
    """One pool. Takes out of `todo` what is finished; leaves the rest if the pool is broken."""
    pool = WorkerContext().Pool(min(processes, len(todo)))
    pending = {
        number: pool.apply_async(work_on_chunk, (number, features, tags, folder))
        for number, features in todo.items()
    }
    workers = {}
    broken = False
    while pending and not broken:
        workers.update((process.pid, process) for process in multiprocessing.active_children())
        # No worker ends before the pool is closed, not even with status 0. Looked at before the
        # results: a worker's last result comes before its end.
        dead = {pid for pid, process in workers.items() if process.exitcode is not None}
        next(iter(pending.values())).wait(0.05)
        for number in [number for number, answer in pending.items() if answer.ready()]:
            answer = pending.pop(number)
            features = todo.pop(number)
            try:
                yield answer.get()
            except Exception as error:  # whatever a worker could not cope with
                yield crashed(features, f"{type(error).__name__}: {error}")
        for pid in dead:
            number = chunk_of(pid, folder, pending)
            if number is not None:
                del pending[number]
                yield crashed(todo.pop(number), f"worker {ending(workers[pid].exitcode)}")
            # A pool may lose more than a worker then (a lock, a task): make a new one.
            broken = True
    if broken:
        pool.terminate()
    else:
        pool.close()
    pool.join()


def chunk_of(pid, folder, pending):
    for number in pending:
        path = Path(folder, f"{number}.worker")
        if path.exists() and path.read_text() == str(pid):
            return number
    return None


def ending(code):
    return f"killed by signal {-code}" if code < 0 else f"ended with status {code}"


def split(features, count):
    """At most `count` chunks of nearly the same number of features."""
    count = min(count, len(features))
    return [features[place::count] for place in range(count)]


# Children


def run_child(feature, tags):
    """One feature in a `python -m behave` of its own; its numbers come from the summary."""
    command = [sys.executable, "-m", "behave", "--format", "plain", "--no-color", feature]
    for tag in tags:
        command += ["--tags", tag]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    summary = read_summary(done.stdout)
    if done.returncode not in (0, 1) or summary is None:
        return crashed([feature], f"behave {ending(done.returncode)}", done.stdout)
    summary.failed = done.returncode != 0
    if summary.failed:
        summary.output = done.stdout
        summary.failing = re.findall(r"^  (\S+\.feature:\d+  .*)$", done.stdout, re.MULTILINE)
    return summary


def read_summary(text):
    """The numbers of '3 scenarios passed, 1 failed, 0 skipped', or None without such lines."""
    result = Result()
    for kind in KINDS:
        found = re.findall(rf"^(\d+) {kind[:-1]}s? passed(.*)$", text, re.MULTILINE)
        if not found:
            return None
        passed, others = found[-1]
        numbers = {name: int(count) for count, name in re.findall(r"(\d+) (\w+)", others)}
        getattr(result, kind).update({"passed": int(passed), **numbers})
    return result


def run_children(features, tags, processes):
    with ThreadPoolExecutor(processes) as threads:
        yield from threads.map(lambda feature: run_child(feature, tags), features)


# The whole


def find_features(paths):
    found = []
    for path in map(Path, paths):
        if path.is_dir():
            found += sorted(map(str, path.rglob("*.feature")))
        elif path.exists() or re.search(r":\d+$", str(path)):
            found.append(str(path))
        else:
            raise SystemExit(f"behave-parallel: no such feature: {path}")
    return found


def summary_line(kind, counts):
    name = kind if counts["passed"] != 1 else kind[:-1]
    others = [status for status in sorted(counts) if status not in ALWAYS and counts[status]]
    parts = [f"{counts['passed']} {name} passed"]
    parts += [f"{counts[status]} {status}" for status in ("failed", *others, "skipped")]
    return ", ".join(parts)


def parse_arguments(argv):
    parser = argparse.ArgumentParser(prog="behave-parallel")
    parser.add_argument("--processes", "-j", type=int, default=os.cpu_count())
    parser.add_argument("--mode", choices=["pool", "child"], default="pool")
    parser.add_argument("--sequential", action="store_true", help="in this process, always")
    parser.add_argument("--tags", "-t", action="append", default=[])
    parser.add_argument("--quiet", "-q", action="store_true", help="only the summary")
    parser.add_argument("--summary-json", metavar="FILE", help="write the numbers there, too")
    parser.add_argument("features", nargs="*", default=["features"])
    arguments = parser.parse_args(argv)
    if arguments.processes < 1:
        parser.error("--processes must be 1 or more")
    return arguments


def reason_for_one_process(arguments):
    if arguments.sequential:
        return "--sequential"
    if os.environ.get("BEHAVE_PARALLEL_COVERAGE") and not os.environ.get("COVFORK_SESSION"):
        return "BEHAVE_PARALLEL_COVERAGE is set"
    return None


def main(argv=None):
    arguments = parse_arguments(argv)
    features = find_features(arguments.features)
    count, processes = len(features), arguments.processes
    reason = reason_for_one_process(arguments)
    if reason:
        how = f"sequential ({reason})"
        results = (run_features(part, arguments.tags) for part in [features])
    elif arguments.mode == "child":
        how = f"{processes} processes (child)"
        results = run_children(features, arguments.tags, processes)
    else:
        how = f"{processes} processes (pool)"
        results = run_pool(features, arguments.tags, processes)
    print(f"behave-parallel: {count} features, {how}", flush=True)

    started = time.monotonic()
    total = Result()
    for result in results:
        total.add(result)
        if result.failed:
            print(result.output, end="", flush=True)
        elif not arguments.quiet:
            print(f"{sum(total.features.values())}/{count} features done", flush=True)
    took = time.monotonic() - started

    if total.failing:
        print("\nFailing scenarios:", *(f"  {name}" for name in total.failing), "", sep="\n")
    for kind in KINDS:
        print(summary_line(kind, getattr(total, kind)))
    print(f"Took {int(took // 60)}min {took % 60:.3f}s", flush=True)
    status = int(total.failed)
    if arguments.summary_json:
        numbers = {kind: dict(getattr(total, kind)) for kind in KINDS}
        path = Path(arguments.summary_json)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"status": status, "seconds": round(took, 3), **numbers}))
    return status


if __name__ == "__main__":
    sys.exit(main())
