"""The Python interpreters of this machine, found by scripts/find-pythons."""

import functools
import os
import subprocess
from dataclasses import dataclass

from sandbox import SOURCE

# What would be tried if it were here.
WANTED = [f"3.{minor}" for minor in range(8, 16)]
OLD = ["2.7", "3.6", "3.7", "pypy"]


@dataclass
class Python:
    """An interpreter: its version, as text, and its path."""

    version: str
    path: str

    def is_of(self, kind):
        return self.version.startswith("pypy" if kind == "pypy" else f"{kind}.")


@functools.cache
def find_all():
    finder = SOURCE / "scripts" / "find-pythons"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("COVFORK_", "LD_", "PYTHONP"))}
    run = subprocess.run([finder], env=env, capture_output=True, text=True, check=True, timeout=120)
    return [Python(*line.split(" ", 1)) for line in run.stdout.splitlines()]


@functools.cache
def find_pythons(*kinds):
    """The interpreters of these kinds; says which kinds there are none of, once."""
    found = find_all()
    for kind in kinds:
        if not any(python.is_of(kind) for python in found):
            print(f"SKIPPED: there is no Python {kind} here")
    return [python for python in found if any(python.is_of(kind) for kind in kinds)]
