"""The Python interpreters of this machine, found by scripts/find-pythons, or those that
COVFORK_TEST_PYTHONS names (paths, `:` between them)."""

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

    @functools.cached_property
    def executable(self):
        """What runs in the end: `path` may lead there by way of another program."""
        code = "import os, sys; print(os.path.realpath(sys.executable))"
        return subprocess.check_output([self.path, "-E", "-c", code], text=True).strip()

    def has_module(self, name):
        code = "import sys, importlib.util as u; sys.exit(u.find_spec(sys.argv[1]) is None)"
        return subprocess.run([self.path, "-I", "-c", code, name], check=False).returncode == 0

    def is_of(self, kind):
        return self.version.startswith("pypy" if kind == "pypy" else f"{kind}.")


@functools.cache
def find_all():
    chosen = os.environ.get("COVFORK_TEST_PYTHONS")
    if chosen:
        return [Python(version_of(path), path) for path in chosen.split(":")]
    finder = SOURCE / "scripts" / "find-pythons"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("COVFORK_", "LD_", "PYTHONP"))}
    run = subprocess.run([finder], env=env, capture_output=True, text=True, check=True, timeout=120)
    return [Python(*line.split(" ", 1)) for line in run.stdout.splitlines()]


def version_of(path):
    code = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    return subprocess.check_output([path, "-E", "-c", code], text=True).strip()


@functools.cache
def find_pythons(*kinds):
    """The interpreters of these kinds; says which kinds there are none of, once."""
    found = find_all()
    for kind in () if os.environ.get("COVFORK_TEST_PYTHONS") else kinds:
        if not any(python.is_of(kind) for python in found):
            print(f"SKIPPED: there is no Python {kind} here")
    return [python for python in found if any(python.is_of(kind) for kind in kinds)]
