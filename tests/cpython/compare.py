"""Runs a module of CPython's own tests on each interpreter, plain and recorded, and compares result by result.

usage: compare.py [--table] MODULE…       (COVFORK_TEST_BUILD: the build; COVFORK_TEST_PYTHONS: the interpreters)

What is measured is the tests themselves. A result that differs is looked for again, the tests that differ alone, and counts
if it differs each time and known_differences does not have it. Exit status: 0 no difference; 1 a difference; 77 no
interpreter here has the module. With --table, a Markdown table of what was compared.
"""

import argparse
import fnmatch
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "features"))

from pythons import WANTED, find_pythons  # noqa: E402
from sandbox import DISTURBING  # noqa: E402

BUILD = Path(os.environ["COVFORK_TEST_BUILD"]).resolve()
# Seconds that a module may take.
LIMIT = 800
AGAIN = 2


class Known:
    """A line of known_differences: VERSION TEST REASON; patterns are those of file names."""

    def __init__(self, line):
        self.version, self.test, self.reason = line.split(None, 2)

    def matches(self, version, test):
        return fnmatch.fnmatchcase(version, self.version) and fnmatch.fnmatchcase(test, self.test)


def read_known():
    lines = (HERE / "known_differences").read_text().splitlines()
    return [Known(line) for line in lines if line and not line.startswith("#")]


def environment(folder):
    env = {name: value for name, value in os.environ.items() if not name.startswith(DISTURBING)}
    return {**env, "LC_ALL": "C.UTF-8", "TMPDIR": str(folder), "HOME": str(folder), "ASAN_OPTIONS": "verify_asan_link_order=0"}


def run(python, tests, module, recorded, wanted=()):
    """The results, {test: (outcome, words)}, and how the process ended."""
    with tempfile.TemporaryDirectory(prefix="covfork-cpython-") as name:
        folder = Path(name).resolve()
        env = environment(folder)
        if recorded:
            env.update(LD_PRELOAD=str(BUILD / "preload" / "libcovfork.so"), COVFORK_DIR=str(folder / "data"), COVFORK_SOURCE=tests)
        results = folder / "results"
        (folder / "work").mkdir()
        command = [python.path, str(HERE / "run_module.py"), module, str(results), *wanted]
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(command, cwd=folder / "work", env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                       start_new_session=True)
            try:
                end = process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                end = "took too long"
        if isinstance(end, int) and end < 0:
            end = signal.Signals(-end).name
        entries = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
        if not entries:
            end = f"{end}: {(folder / 'output').read_text(errors='replace')[-500:]}"
        if recorded and not list((folder / "data").glob("s-*/*")):
            raise SystemExit(f"compare: {python.version} {module}: nothing was recorded")
    return collect(entries), end


def collect(entries):
    """A name that stands for several tests, as those of subtests do, has the outcomes of all."""
    found, begun, ended = {}, None, False
    for test, outcome, words in entries:
        if outcome == "begun":
            begun = test
        elif outcome == "ended":
            ended = True
        else:
            before = found.get(test)
            found[test] = (f"{before[0]}, {outcome}" if before else outcome, words)
            if test == begun:
                begun = None
    if not ended and begun:
        found.setdefault(begun, ("ended the process", ""))
    return found


def differences(plain, recorded):
    """{test: words}; the ends of the processes count as a test without a name."""
    (results, end), (others, other_end) = plain, recorded
    found = {}
    for test in sorted({*results, *others}):
        one, other = results.get(test, ("did not run", "")), others.get(test, ("did not run", ""))
        if one[0] != other[0]:
            found[test] = f"plain {one[0]}, recorded {other[0]} {other[1]}"
    if str(end) != str(other_end):
        found["the process"] = f"plain {end}, recorded {other_end}"
    return found


def compare(python, tests, module):
    """What differs each time, and how many tests there were."""
    plain, recorded = run(python, tests, module, False), run(python, tests, module, True)
    found = differences(plain, recorded)
    for _ in range(AGAIN):
        names = [test for test in found if test != "the process"]
        # Tests that depend on others, and processes that end early, are run as they were.
        if not found:
            break
        wanted = names if "the process" not in found and all(" " not in name for name in names) else ()
        again = differences(run(python, tests, module, False, wanted), run(python, tests, module, True, wanted))
        found = {test: words for test, words in found.items() if test in again}
    return found, len(plain[0])


def tests_folder(python):
    """The folder of CPython's tests; None where it isn't installed."""
    code = "import os, sys, test; print(os.path.dirname(test.__file__))"
    answer = subprocess.run([python.path, "-I", "-c", code], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def has_module(python, folder, module):
    # Asked in its own folders, which are others than ours where it comes from a root of its own.
    code = "import importlib.util as u, sys; sys.exit(u.find_spec('test.' + sys.argv[1]) is None)"
    return folder and subprocess.run([python.path, "-I", "-c", code, module], capture_output=True, check=False).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("module", nargs="+")
    parser.add_argument("--table", action="store_true", help="a Markdown table of what was compared")
    options = parser.parse_args()
    known, ran, status, rows = read_known(), 0, 0, []
    pythons = find_pythons(*WANTED)
    for module in options.module:
        row = {}
        for python in pythons:
            folder = tests_folder(python)
            if not has_module(python, folder, module):
                print(f"SKIPPED: Python {python.version} ({python.path}) has no test.{module} here", flush=True)
                continue
            ran += 1
            found, count = compare(python, folder, module)
            expected = {test: entry for test in found for entry in known if entry.matches(python.version, test)}
            for test, words in found.items():
                reason = f" (known: {expected[test].reason})" if test in expected else ""
                print(f"{python.version} {test}: {words}{reason}")
            unexpected = len(found) - len(expected)
            status = status or int(unexpected > 0)
            print(f"{python.version} {module}: {count} results, {unexpected} differ, {len(expected)} known differences", flush=True)
            row[python.version] = f"{len(found)} of {count}"
        rows.append((module, row))
    if options.table:
        print_table([python.version for python in pythons], rows)
    return status if ran else 77


def print_table(versions, rows):
    print("| differ | " + " | ".join(versions) + " |\n| --- |" + " ---: |" * len(versions))
    for module, row in rows:
        print(f"| {module} | " + " | ".join(row.get(version, "–") for version in versions) + " |")


if __name__ == "__main__":
    sys.exit(main())
