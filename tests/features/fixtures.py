"""What is made once for a build, and shared by the scenarios that need it."""

import fcntl
import hashlib
import json
import re
import shutil
import sys
from contextlib import contextmanager

from pythons import find_pythons
from sandbox import EXAMPLE, FIXTURES, SOURCE, Sandbox

INSTALL = SOURCE / "scripts" / "install-pinned"
PINS = SOURCE / "scripts" / "pins"
# The exit status of what needs the network and has none.
NO_NETWORK = 77


class NoNetwork(Exception):
    """A scenario needs what can't be fetched; its text says what."""


def says_no_network(run):
    """uv's words."""
    return re.search("(?i)dns error|error sending request|failed to connect|offline", run.out + run.err)


def install(sandbox, python, *packages):
    """Install packages or groups (@NAME) in the versions that scripts/pins has."""
    run = sandbox.run(f"'{INSTALL}' '{python}' {' '.join(packages)}")
    if run.status == NO_NETWORK:
        raise NoNetwork(run.err.strip())
    assert run.status == 0, str(run)


@contextmanager
def skipped_without_network(context):
    """Skips the scenario, and says why, where what it needs can't be fetched."""
    try:
        yield
    except NoNetwork as problem:
        print(f"SKIPPED: {problem}")
        context.scenario.skip(str(problem))


def pins():
    """What an environment is made from: another version is another environment."""
    sources = [INSTALL, PINS / "packages.in", *sorted(PINS.glob("3.*.txt"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


@contextmanager
def locked():
    """One process at a time: the others wait and find what the first has made."""
    FIXTURES.mkdir(parents=True, exist_ok=True)
    with (FIXTURES / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def example_environments():
    """The folder .nox of the example project, with the environments of its sessions."""
    made = FIXTURES / "example" / ".nox"
    stamp = FIXTURES / "example" / "made-from"
    requirements = (EXAMPLE / "requirements.txt").read_bytes()
    wanted = f"{sys.executable} {hashlib.sha256(requirements).hexdigest()} {pins()}"
    with locked():
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(FIXTURES / "example", ignore_errors=True)
            make_example_environments(made)
            stamp.write_text(wanted)
    return made


def make_example_environments(made):
    sandbox = Sandbox()
    try:
        sandbox.copy(EXAMPLE)
        made.mkdir(parents=True)
        run = sandbox.run(f"nox --envdir '{made}' --install-only -s unit_tests coverage_report", timeout=300)
        for session in "unit_tests", "coverage_report":
            if not (made / session / "bin" / "behave").exists() and says_no_network(run):
                raise NoNetwork(f"needs the network to make the session {session}'s environment, and there is none")
            assert (made / session / "bin" / "behave").exists(), str(run)
    finally:
        sandbox.close()


def robot_environment():
    """The bin folder of an environment with Robot Framework, pabot and the peers that measure them.

    uv's cache has these packages from then on, so that nox makes its own environments offline.
    """
    made = FIXTURES / "robot"
    stamp = made / "made-from"
    wanted = f"{sys.executable} {pins()}"
    with locked():
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(made, ignore_errors=True)
            make_robot_environment(made)
            stamp.write_text(wanted)
    return made / "bin"


def make_robot_environment(made):
    sandbox = Sandbox()
    try:
        sandbox.run_well(f"uv venv -q --python '{sys.executable}' '{made}'")
        install(sandbox, made / "bin" / "python", "@robot", "@peers")
        assert (made / "bin" / "pabot").exists()
    finally:
        sandbox.close()


def runners_environment():
    """The virtual environment with the test runners and the peers, apart from the tools."""
    made = FIXTURES / "runners" / "venv"
    stamp = FIXTURES / "runners" / "made-from"
    wanted = f"{sys.executable} {pins()}"
    with locked():
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(FIXTURES / "runners", ignore_errors=True)
            make_runners_environment(made)
            stamp.write_text(wanted)
    return made


def make_runners_environment(made):
    sandbox = Sandbox()
    try:
        sandbox.run_well(f"uv venv -q --no-project --python '{sys.executable}' '{made}'")
        install(sandbox, made / "bin" / "python", "@runners", "@peers")
        # What is imported by several scenarios at once is compiled already.
        sandbox.run_well(f"'{made}/bin/python' -m compileall -q '{made}/lib'")
    finally:
        sandbox.close()


def plugins_environment():
    """The virtual environment with plugins of coverage.py, and a package that was compiled elsewhere."""
    made = FIXTURES / "plugins"
    stamp = made / "made-from"
    wanted = f"{sys.executable} {pins()}"
    with locked():
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(made, ignore_errors=True)
            sandbox = Sandbox()
            try:
                sandbox.run_well(f"uv venv -q --no-project --python '{sys.executable}' '{made}'")
                install(sandbox, made / "bin" / "python", "coverage", "@plugins", "pyzmq")
            finally:
                sandbox.close()
            stamp.write_text(wanted)
    return made


def engine_environment(version):
    """The Python of a virtual environment with coverage.py and slipcover; None where there can be
    none."""
    found = find_pythons(version)
    if not found:
        return None
    folder = FIXTURES / f"engines-{found[0].version}"
    python, stamp = folder / "bin" / "python", folder / "made-from"
    with locked():
        if not stamp.exists() or stamp.read_text() != pins():
            shutil.rmtree(folder, ignore_errors=True)
            sandbox = Sandbox()
            try:
                sandbox.run_well(f"uv venv -q -p '{found[0].path}' '{folder}'")
                install(sandbox, python, "@peers")
            finally:
                sandbox.close()
            stamp.write_text(pins())
    return python


def digest(path, algorithm):
    """Add a file or all files of a folder, but for what Python and runners leave there."""
    kept = {".py", ".feature", ".toml", ".txt", ".cfg", ".ini", ".patch"}
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.suffix in kept and file.is_file():
            algorithm.update(f"{file.relative_to(path)} {file.stat().st_size} ".encode())
            algorithm.update(file.read_bytes())


def made_once(make, name, *sources):
    """The lines of files that `make` finds, kept for all tests until `sources` change."""
    algorithm = hashlib.sha256(f"{sys.executable} {name}".encode())
    for source in sources:
        digest(source, algorithm)
    path = FIXTURES / "lines" / f"{algorithm.hexdigest()[:16]}.json"
    with locked():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(make())
            path.write_text(text)
    return {file: tuple(lines) for file, lines in json.loads(path.read_text()).items()}


def made_program(name, source, command, path):
    """A program that `command` makes of a source file: {program} and {source} in it are their paths."""
    folder = FIXTURES / "programs" / hashlib.sha256(source.read_bytes() + command.encode()).hexdigest()[:16]
    program = folder / name
    with locked():
        if not program.exists():
            folder.mkdir(parents=True, exist_ok=True)
            sandbox = Sandbox()
            try:
                env = {"PATH": path, "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
                sandbox.run_well(command.format(program=program, source=source), env)
            finally:
                sandbox.close()
    return program
