"""The temp folder, the environment and the child processes of one scenario."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["COVFORK_TEST_BUILD"]).resolve()
LIBRARY = BUILD / "preload" / "libcovfork.so"
TARGETS = SOURCE / "tests" / "targets"
# What is made once, by fixtures.py and by uv.
FIXTURES = BUILD / "fixtures"
EXAMPLE = SOURCE / "tests" / "example"
# Where the tools are that `scripts/setup` installs: this Python is one of them.
TOOLS = Path(sys.executable).parent
PINS = SOURCE / "scripts" / "pins" / f"{sys.version_info[0]}.{sys.version_info[1]}.txt"
# Seconds that a command may take; those that make environments get more.
TIMEOUT = 300

# What would change the behaviour of the programs under test.
DISTURBING = ("COVFORK_", "COVERAGE_", "LD_", "PYTHON", "NOX", "BEHAVE", "VIRTUAL_ENV", "XDG_")


@dataclass
class Run:
    """What became of a command."""

    command: str
    status: int
    out: str
    err: str

    def __str__(self):
        return (
            f"$ {self.command}\nstatus: {self.status}\n"
            f"standard output:\n{shortened(self.out)}\nstandard error:\n{shortened(self.err)}"
        )


def shortened(text, limit=4000):
    """The end of a text that is too long for a failure's message."""
    return text if len(text) <= limit else f"[...]{text[-limit:]}"


def clean_environment(home):
    """The caller's environment without what could disturb, `covfork` and the tools on PATH."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(DISTURBING)}
    env.update(
        PATH=f"{TOOLS}:{BUILD / 'scripts'}:{BUILD / 'collector'}:/usr/local/bin:/usr/bin:/bin",
        HOME=str(home),
        LC_ALL="C.UTF-8",
        TZ="UTC",
        LIBRARY=str(LIBRARY),
        UV_PYTHON_DOWNLOADS="never",
        UV_CACHE_DIR=str(FIXTURES / "uv-cache"),
        # What uv installs for a session comes by hash, in the versions of scripts/pins.
        UV_CONSTRAINT=str(PINS),
        UV_BUILD_CONSTRAINT=str(PINS),
        NO_COLOR="1",
        # covfork-collect may be built with ASan, and be run with a library preloaded.
        ASAN_OPTIONS="verify_asan_link_order=0",
    )
    return env


class Sandbox:
    """A temp folder, removed by close(). Commands run in its folder `work`."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="covfork-test-")).resolve()
        self.work = self.folder / "work"
        self.home = self.folder / "home"
        self.work.mkdir()
        self.home.mkdir()
        self.env = clean_environment(self.home)
        self.env["TMPDIR"] = str(self.folder)
        self.groups = []

    def close(self):
        for group in self.groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def copy(self, source, name=None):
        """Copy a file or the inside of a folder into the work folder."""
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", ".covfork", ".nox", "build")
            destination = self.work / name if name else self.work
            shutil.copytree(source, destination, dirs_exist_ok=True, ignore=ignore)
        else:
            shutil.copy2(source, self.work / (name or source.name))

    def write(self, name, text):
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def start(self, command, out, err, stdin=subprocess.DEVNULL, env=None):
        """Start a shell command in a process group of its own."""
        process = subprocess.Popen(
            ["/bin/bash", "-c", command] if isinstance(command, str) else command,
            cwd=self.work,
            env={**self.env, **(env or {})},
            stdin=stdin,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        self.groups.append(process.pid)
        return process

    def run(self, command, env=None, timeout=TIMEOUT):
        """Run a shell command (or a list of arguments) to its end.

        Its output goes to files: children that outlive it must not keep anybody waiting.
        """
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = self.start(command, out, err, env=env)
            try:
                status = process.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise AssertionError(f"not finished after {timeout} s: {command}") from None
            texts = []
            for stream in out, err:
                stream.seek(0)
                texts.append(stream.read().decode("utf-8", "backslashreplace"))
        return Run(str(command), status, *texts)

    def run_well(self, command, env=None, timeout=TIMEOUT):
        """Run a command that has to succeed."""
        run = self.run(command, env, timeout)
        assert run.status == 0, str(run)
        return run
