"""shuffle_ledgers.py SCENARIO [--orders N] [--seed N]: does the census say the same of a run in
whichever order its ledger's lines come, and never that nothing is lost where something is?

A run is recorded, then its ledger is written anew again and again and read by covfork-collect. The
orders that can happen, and no others, are tried:

- Lines of one process are in the order in which it wrote them. A vfork's child writes its "exec",
  "refused" and "failed" before its parent goes on: in the order of both.
- A process's first line comes behind the "start" and "engine" lines of the image that it was forked
  from or started by, for that image wrote them before.
- An "exec" comes before the "start" of what it made, unless it has "since": a posix_spawn is told
  of by the parent, after any of the child's lines. So are lines of processes below it.
- All lines of a process come before those of a later one with its number in its namespace.
- Else lines of two processes are in any order: one may be delayed for as long as one likes.

Lines are missing where the disk was full (some that follow each other, the first perhaps cut; the
file ledger.dropped is there), where one process could not write (ledger.dropped is there where the
library makes it then) and where a process was killed as it wrote (its last line is cut). What is
lost may then be said in another way, but never not at all.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BUILD = Path(os.environ["COVFORK_TEST_BUILD"]).resolve()
LIBRARY = BUILD / "preload" / "libcovfork.so"
COLLECT = BUILD / "collector" / "covfork-collect"
PYTHON = sys.executable
SKIPPED = 77

# format.h's LEDGER_EVENTS: those whose absence the library leaves a mark of.
NEEDED = {"start", "refused", "engine", "memory", "lost", "problem"}


class Skip(Exception):
    """This machine can't run the scenario."""


# Programs --------------------------------------------------------------------------------------

CHILD = "import sys\nx = 1\n"
KILLED = "import os, signal\nx = 1\nos.kill(os.getpid(), signal.SIGKILL)\n"

# Stops each child between its exec and its first instruction, and kills it there.
EARLY = """
import ctypes, os, signal, sys
libc = ctypes.CDLL(None)
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        libc.ptrace(0, 0, 0, 0)
        os.execv(sys.executable, [sys.executable, "child.py"])
    _, status = os.waitpid(pid, 0)
    assert os.WIFSTOPPED(status), status
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
"""

# Each scenario: its main program, what it is recorded with, and what is to be said of it.
SCENARIOS = {}


def scenario(lost=0, early=0, environment=None, command=None):
    def add(function):
        SCENARIOS[function.__name__] = {
            "main": function.__doc__,
            "prepare": function,
            "environment": environment or {},
            "command": command or [PYTHON, "main.py"],
            "lost": lost,
            "early": early,
        }
        return function

    return add


@scenario()
def fork(lines):
    """
import os
for _ in range(3):
    if os.fork() == 0:
        a = 1
        if os.fork() == 0:
            b = 2
            os._exit(0)
        os.wait()
        os._exit(0)
for _ in range(3):
    os.wait()
"""
    return lines


@scenario()
def exec_chain(lines):
    """
import os, sys
depth = int(sys.argv[1]) if len(sys.argv) > 1 else 0
if depth < 2:
    os.execv(sys.executable, [sys.executable, "main.py", str(depth + 1)])
"""
    return lines


@scenario()
def spawn(lines):
    """
import os, sys
for _ in range(3):
    os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "child.py"], {}), 0)
"""
    return lines


@scenario()
def spawned_chain(lines):
    """
import os, sys
if len(sys.argv) == 1:
    os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "main.py", "2"], {}), 0)
elif sys.argv[1] == "2":
    x = 2
    os.execv(sys.executable, [sys.executable, "main.py", "3"])
"""
    return lines


@scenario()
def vfork(lines):
    """
import subprocess, sys
for _ in range(3):
    subprocess.run([sys.executable, "child.py"], check=True)
"""
    return lines


@scenario()
def failing_execs(lines):
    """
import os, sys
huge = ["x" * 100000] * 60
for _ in range(2):
    try:
        os.execv(sys.executable, [sys.executable, *huge])
    except OSError:
        pass
os.execv(sys.executable, [sys.executable, "child.py"])
"""
    return lines


@scenario(early=3)
def killed_before_load(lines):
    """"""
    return lines


SCENARIOS["killed_before_load"]["main"] = EARLY


@scenario(lost=1, early=2)
def early_and_lost(lines):
    """"""
    # The second of them was started where the library had been replaced.
    execs = [line for line in lines if line["event"] == "exec" and "loads" in line]
    del execs[1]["loads"]
    return lines


SCENARIOS["early_and_lost"]["main"] = EARLY


@scenario(lost=2)
def lost_library(lines):
    """
import os, subprocess, sys
os.unlink("lib.so")
subprocess.run([sys.executable, "child.py"], check=True)
if os.fork() == 0:
    os.execv(sys.executable, [sys.executable, "child.py"])
os.wait()
"""
    return lines


@scenario(lost=3, environment={"COVFORK_ENGINE": "coverage"})
def killed_before_saving(lines):
    """
import os, signal, subprocess, sys
for _ in range(2):
    subprocess.run([sys.executable, "killed.py"])
if os.fork() == 0:
    os.kill(os.getpid(), signal.SIGKILL)
os.wait()
"""
    return lines


@scenario(lost=1, environment={"COVFORK_ENGINE": "coverage"})
def killed_child_of_a_shell(lines):
    """
import os, signal, sys
if os.fork() == 0:
    os.kill(os.getpid(), signal.SIGKILL)
os.wait()
os.execv("/bin/sh", ["sh", "-c", "sleep 0; :"])
"""
    return lines


def give_numbers(lines, numbers, space=None):
    """Other numbers to processes, from the first line on that they wrote. Children follow."""
    for line in lines:
        for key in "pid", "ppid":
            line[key] = numbers.get(line.get(key), line.get(key))
            if line[key] is None:
                del line[key]
        if space and line["pid"] in numbers.values():
            line["ns"] = space
    return lines


def children_of(lines):
    """Processes in the order of their first lines, without the root."""
    found = []
    for line in lines:
        if line["pid"] not in found:
            found.append(line["pid"])
    return found[1:]


@scenario(lost=3, environment={"COVFORK_ENGINE": "coverage"})
def killed_and_number_used_again(lines):
    """
import os, signal, subprocess, sys
for _ in range(3):
    subprocess.run([sys.executable, "killed.py"])
subprocess.run(["/bin/true"])
"""
    children = children_of(lines)
    return give_numbers(lines, {child: children[0] for child in children})


@scenario(lost=1, early=2)
def early_and_number_used_again(lines):
    """"""
    lines = early_and_lost(lines)
    children = children_of(lines)
    return give_numbers(lines, {child: children[0] for child in children})


SCENARIOS["early_and_number_used_again"]["main"] = (
    EARLY + "import subprocess\nsubprocess.run([sys.executable, 'child.py'])\n"
)


@scenario(lost=2, environment={"COVFORK_ENGINE": "coverage"})
def two_namespaces(lines):
    """
import os, signal, subprocess, sys
for name in "killed.py", "child.py", "killed.py", "child.py":
    subprocess.run([sys.executable, name])
"""
    # Two sandboxes beside each other: processes 2 and 3 are in both.
    a, b, c, d = children_of(lines)
    for line in lines:
        if line["pid"] in (a, b, c, d):
            line["ns"] = 1111 if line["pid"] in (a, b) else 2222
            if line["event"] == "start":
                line["ppid"] = 1
    return give_numbers(lines, {a: 2, b: 3, c: 3, d: 2})


@scenario(lost=1, environment={"COVFORK_ENGINE": "coverage"})
def real_namespace(lines):
    """
import os, signal, subprocess, sys
subprocess.run([sys.executable, "child.py"])
subprocess.run([sys.executable, "killed.py"])
"""
    return lines


SCENARIOS["real_namespace"]["command"] = ["unshare", "--pid", "--fork", PYTHON, "main.py"]


# Orders ----------------------------------------------------------------------------------------


def find_spawned(lines, spawn):
    """The "start" of what a posix_spawn made."""
    starts = [line for line in lines if line["event"] == "start" and line["pid"] == spawn["pid"]
              and line.get("ns") == spawn.get("ns") and line["time"] > spawn["since"]]
    return min(starts, key=lambda line: line["time"], default=None)


def find_writers(lines):
    """Who wrote each line: (namespace, number, how often that number was given before)."""
    writers, turn, last, spawned = [], {}, {}, set()
    starts = {line["id"][:16]: line for line in lines if line["event"] == "start"}
    made_by_spawn = {id(find_spawned(lines, line)) for line in lines if "since" in line}
    for line in lines:
        key = (line.get("ns"), line["pid"])
        if "since" in line or key in spawned and line["event"] == "refused":
            # By the parent. Those that posix_spawn here are images that did not fork.
            teller = starts[line["starter"]]
            spawned.add(key)
            key = (teller.get("ns"), teller["pid"])
        else:
            spawned.discard(key)
            begins = line["event"] == "fork"
            if line["event"] == "start":
                begins = last.get(key) not in ("exec", "refused") or id(line) in made_by_spawn
            elif line["event"] == "exec":
                begins = "starter" in line and last.get(key) != "failed"
            if begins:
                turn[key] = turn.get(key, -1) + 1
            last[key] = line["event"]
        writers.append((*key, turn.get(key, 0)))
    return writers


def find_order(lines):
    """For each line those that come before it in any order."""
    writers = find_writers(lines)
    before = [set() for _ in lines]
    own = {}
    first = {}
    for number, writer in enumerate(writers):
        if writer in own:
            before[number].add(own[writer])
        own[writer] = number
        first.setdefault(writer, number)
    images = {}
    for number, line in enumerate(lines):
        if line["event"] == "start":
            images[line["id"][:16]] = [number]
        elif line["event"] == "engine":
            images.get(line["image"], []).append(number)
    for writer, number in first.items():
        line = lines[number]
        image = line.get("image") or line.get("starter")
        if line["event"] == "start":
            # Spawned: by an image of the process that it names.
            parents = [i for i, other in enumerate(lines[:number])
                       if other["event"] == "start" and other["pid"] == line["ppid"]]
            image = lines[parents[-1]]["id"][:16] if parents else None
        # All are below the first.
        before[number].update([i for i in images.get(image, [0]) if i < number])
    # A number is given again only when its process was waited for.
    for writer, number in first.items():
        earlier = (*writer[:2], writer[2] - 1)
        if earlier in own:
            before[number].add(own[earlier])
    for number, line in enumerate(lines):
        writer = writers[number]
        if "starter" not in line or writer[1] == line["pid"]:
            continue
        # A posix_spawn is of the process that began since; the one before it was waited for.
        key = (line.get("ns"), line["pid"])
        start = find_spawned(lines, line)
        made = writers[lines.index(start)][2] if start else None
        before[number].update(
            place for of, place in own.items()
            if of[:2] == key and (of[2] < made if made is not None else True))
    # A vfork's child writes while its parent waits.
    parents = {line["id"][:16]: (line.get("ns"), line["pid"]) for line in lines
               if line["event"] == "start"}
    for number, line in enumerate(lines):
        if "starter" in line and writers[number][1] == line["pid"]:
            same = [i for i, writer in enumerate(writers) if writer[:2] == parents[line["starter"]]]
            before[number].update([i for i in same if i < number][-1:])
            for later in [i for i in same if i > number][:1]:
                before[later].add(number)
    return before


def choose_order(before, chance):
    """One of the orders. Some lines are held back for long, as a process that is not scheduled is."""
    left = set(range(len(before)))
    held = {number for number in left if chance.random() < 0.2}
    done, order = set(), []
    while left:
        ready = [number for number in left if before[number] <= done]
        free = [number for number in ready if number not in held] or ready
        number = chance.choice(free)
        order.append(number)
        done.add(number)
        left.remove(number)
    return order


# Runs ------------------------------------------------------------------------------------------


class Run:
    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.kind = SCENARIOS[name]
        self.counts = None
        self.record()

    def record(self):
        for name, text in ("child.py", CHILD), ("killed.py", KILLED), ("main.py", self.kind["main"]):
            (self.folder / name).write_text(text)
        shutil.copy(LIBRARY, self.folder / "lib.so")
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(("COVFORK_", "COVERAGE_", "LD_", "PYTHON"))}
        env.update(LD_PRELOAD=str(self.folder / "lib.so"), LC_ALL="C.UTF-8", **self.kind["environment"])
        if self.kind["command"][0] == "unshare":
            probe = subprocess.run(["unshare", "--pid", "--fork", "true"], capture_output=True)
            if probe.returncode != 0:
                raise Skip("no pid namespace can be made here (unshare --pid)")
        done = subprocess.run(self.kind["command"], cwd=self.folder, env=env, timeout=120)
        assert done.returncode == 0, done
        (self.session,) = (self.folder / ".covfork").glob("s-*")
        self.ledger = self.session / "ledger"
        lines = [json.loads(line) for line in self.ledger.read_text().splitlines()]
        self.lines = self.kind["prepare"](lines)

    def write(self, texts, is_dropped=False):
        self.ledger.write_text("".join(texts))
        marker = self.session / "ledger.dropped"
        marker.unlink(missing_ok=True)
        if is_dropped:
            marker.touch()

    def read(self):
        env = {name: value for name, value in os.environ.items() if not name.startswith("COVFORK_")}
        done = subprocess.run([COLLECT, "tree", "--json"], cwd=self.folder, env=env, timeout=60,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        (run,) = json.loads(done.stdout)
        return run

    def fail(self, what, run):
        print(f"{self.name}: {what}")
        print(json.dumps({key: run[key] for key in run if key != "processes"}, indent=1))
        print(self.ledger.read_text())
        sys.exit(1)

    def texts(self, order):
        return [json.dumps(self.lines[i], separators=(",", ":"), ensure_ascii=False) + "\n"
                for i in order]

    def try_order(self, order):
        self.write(self.texts(order))
        run = self.read()
        wanted = {"lost": self.kind["lost"], "ended_early": self.kind["early"]}
        for key, value in wanted.items():
            if run[key] != value:
                self.fail(f"{key} is {run[key]} where {value} is right", run)
        counts = (run["processes_count"], run["interpreters"], run["with_data"])
        self.counts = self.counts or counts
        if counts != self.counts:
            self.fail(f"processes, interpreters, with data: {counts}, elsewhere {self.counts}", run)

    def is_needed(self, line):
        saves = self.kind["environment"].get("COVFORK_ENGINE") == "coverage"
        if line["event"] == "fork":
            return saves
        if line["event"] == "start":
            return "python" in line
        return line["event"] in NEEDED or (line["event"] == "exec" and "loads" not in line)

    def try_full_disk(self, order, chance):
        texts = self.texts(order)
        begin = chance.randrange(len(texts))
        end = min(len(texts), begin + chance.randint(1, len(texts)))
        part = texts[begin][: chance.randrange(len(texts[begin]) - 1)] if chance.random() < 0.5 else ""
        self.write([*texts[:begin], part, *texts[end:]], is_dropped=True)
        run = self.read()
        if run["lost"] == 0:
            self.fail("nothing is said to be lost, but lines are missing", run)

    def try_limited(self, order, chance):
        """One process can't write for a while: it has no descriptor left, or a limit of file size."""
        writers = find_writers(self.lines)
        writer = chance.choice(writers)
        places = [place for place, number in enumerate(order) if writers[number] == writer]
        begin = chance.randrange(len(places))
        places = places[begin : begin + chance.randint(1, len(places))]
        needed = any(self.is_needed(self.lines[order[place]]) for place in places)
        texts = [text for place, text in enumerate(self.texts(order)) if place not in places]
        self.write(texts, needed)
        run = self.read()
        if run["lost"] == 0 and (needed or self.kind["lost"]):
            self.fail(f"nothing is said to be lost where {writer} could not write", run)
        saves = self.kind["environment"].get("COVFORK_ENGINE") == "coverage"
        if run["lost"] and not needed and not self.kind["lost"] and not saves:
            self.fail(f"{writer} could not write what tells of no loss, and one is named", run)

    def try_killed(self, order, chance):
        """The last line of a process is cut: the next one goes on behind it."""
        texts = self.texts(order)
        writers = find_writers(self.lines)
        last = {}
        for place, number in enumerate(order):
            last[writers[number]] = place
        place = chance.choice(sorted(last.values()))
        line = self.lines[order[place]]
        texts[place] = texts[place][: chance.randrange(len(texts[place]) - 1)]
        self.write(texts)
        run = self.read()
        # What it would have said of itself, and what it was about to start, is not known.
        if self.kind["lost"] > 1 and run["lost"] == 0:
            self.fail(f"nothing is said to be lost when {line['event']} is cut", run)
        if run["processes_count"] < self.counts[0] - 2:
            self.fail("a cut line hides others", run)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario", choices=sorted(SCENARIOS))
    parser.add_argument("--orders", type=int, default=60)
    parser.add_argument("--seed", type=int, default=18)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="covfork-census-") as folder:
        try:
            run = Run(Path(folder).resolve(), options.scenario)
        except Skip as reason:
            print(f"SKIPPED: {reason}")
            return SKIPPED
        before = find_order(run.lines)
        run.try_order(list(range(len(run.lines))))
        for _ in range(options.orders):
            order = choose_order(before, chance)
            run.try_order(order)
            run.try_full_disk(order, chance)
            run.try_limited(order, chance)
            run.try_killed(order, chance)
    print(f"{options.orders} orders of {len(before)} lines: {SCENARIOS[options.scenario]['lost']} lost, "
          f"{SCENARIOS[options.scenario]['early']} ended before their first line, each time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
