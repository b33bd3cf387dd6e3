"""Does the work of other_project's session `tests` in this one process, without threads or forks.

usage: python -m coverage run one_process.py     in the project's folder

What coverage.py says of it is what covfork must say of the real session. The children that its
steps start, and the kill, are played here, as far as they execute lines. The noxfile is no part of
it: nox's own configuration is not measured.
"""

import contextlib
import io
import runpy
import signal
import subprocess
import sys
from pathlib import Path

from behave.__main__ import main as behave


class Killed(BaseException):
    """Ends what a child does at the place where it would be killed."""


def play(arguments):
    """`python -m MODULE ARGUMENT...` within this process: its status, output and error output."""
    python, option, module, *rest = arguments
    assert (python, option) == (sys.executable, "-m")
    out, err = io.StringIO(), io.StringIO()
    saved = sys.argv
    sys.argv = [module, *rest]
    status = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code
    except Killed:
        status = -signal.SIGKILL
    finally:
        sys.argv = saved
    return status, out.getvalue(), err.getvalue()


def run(arguments, **options):
    assert options["env"] == {}
    return subprocess.CompletedProcess(arguments, *play(arguments))


class Popen:
    """A child that has been played to its end when it is killed."""

    def __init__(self, arguments, env, **options):
        assert env == {}
        self.status, out, _ = play(arguments)
        self.stdout = io.BytesIO(out.encode())

    def kill(self):
        assert self.status == -signal.SIGKILL

    def wait(self):
        return self.status


def kill_here():
    raise Killed


sys.path.insert(0, str(Path.cwd()))
subprocess.run, subprocess.Popen, signal.pause = run, Popen, kill_here
sys.exit(behave(["--no-color", "--format", "plain", "features"]))
