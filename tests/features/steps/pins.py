"""The versions of what is installed: scripts/pins and scripts/install-pinned, in a copy of them."""

import re
import shutil
import subprocess

from behave import given, then
from sandbox import SOURCE, TOOLS

PINS = SOURCE / "scripts" / "pins"
# `name==1.0 \` and lines of hashes, as uv writes them.
ENTRY = re.compile(r"^([a-z0-9-]+)==([^\s;]+).*((?:\n    --hash=sha256:[0-9a-f]{64}.*)+)", re.MULTILINE)


def read_pins(path):
    return {name: version for name, version, _ in ENTRY.findall(path.read_text())}


def read_list(minor):
    """The packages that packages.in asks for on Python 3.MINOR, each with its version, if it says one."""
    for line in (PINS / "packages.in").read_text().splitlines():
        found = re.fullmatch(r'([a-z][a-z0-9-]*)(?:==([^;\s]+))?[^;]*(?:; python_version (>=|<) "3\.(\d+)")?', line)
        assert found or not line or line.startswith("#"), line
        if not found:
            continue
        name, version, relation, bound = found.groups()
        if relation is None or (minor >= int(bound)) == (relation == ">="):
            yield name, version


@then("the pins of each Python from 3.{first:d} to 3.{last:d} have every package that packages.in asks for")
def step_all_pinned(context, first, last):
    for minor in range(first, last + 1):
        there = read_pins(PINS / f"3.{minor}.txt")
        for name, version in read_list(minor):
            assert name in there, f"3.{minor}: no {name}"
            assert version in (None, there[name]), f"3.{minor}: {name} {there[name]}, not {version}"


@given("an environment of this Python")
def step_environment(context):
    """And a copy of the scripts, which finds the tools in its own build folder."""
    root = context.sandbox.folder / "root"
    shutil.copytree(PINS, root / "scripts" / "pins")
    shutil.copy2(SOURCE / "scripts" / "install-pinned", root / "scripts")
    (root / "build" / "tools").mkdir(parents=True)
    (root / "build" / "tools" / "bin").symlink_to(TOOLS)
    context.sandbox.env["PINS"] = str(root / "scripts")
    context.pins = root / "scripts" / "pins"
    context.sandbox.run_well(f"uv venv -q --no-project --python '{TOOLS}/python' env")


@given('the pinned hashes of "{name}" are others')
def step_other_hashes(context, name):
    for path in context.pins.glob("3.*.txt"):
        entries = rf"^{name}==.*(\n    --hash=sha256:.*)+"
        path.write_text(re.sub(entries, other_hashes, path.read_text(), flags=re.MULTILINE))


def other_hashes(entry):
    return re.sub("(?<=sha256:)[0-9a-f]", lambda digit: "1" if digit[0] == "0" else "0", entry[0])


def versions_in(context):
    code = "from importlib.metadata import distributions as d; print(*(f'{x.name.lower()}=={x.version}' for x in d()))"
    answer = context.sandbox.run_well(["env/bin/python", "-I", "-c", code]).out.split()
    return dict(entry.split("==") for entry in answer)


@then('the environment has the pinned versions of "{names}"')
def step_has(context, names):
    there, pinned = versions_in(context), read_pins(PINS / version_file())
    for name in names.split(", "):
        assert there.get(name) == pinned[name], there


@then('the environment has no "{name}"')
def step_has_not(context, name):
    assert name not in versions_in(context)


def version_file():
    code = "import sys; print('%d.%d.txt' % sys.version_info[:2])"
    return subprocess.check_output([TOOLS / "python", "-c", code], text=True).strip()


@then('stderr has the words "{words}"')
def step_words(context, words):
    assert words in context.run.err, str(context.run)


@then('stderr has one line, "{start}"')
def step_one_line(context, start):
    lines = context.run.err.splitlines()
    assert len(lines) == 1 and lines[0].startswith(start), str(context.run)


@then('"{name}" names no coverage.py of the line of {line} but the pinned one')
def step_named(context, name, line):
    pinned = read_pins(PINS / "3.13.txt")["coverage"]
    assert pinned.startswith(line), "the line that is looked for is an old one"
    named = set(re.findall(rf"\b{re.escape(line)}\.\d+\b", (SOURCE / name).read_text()))
    assert named == {pinned}, named
