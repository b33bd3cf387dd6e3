"""What other tools' data and covfork's say of the same work."""

import json
import os

from behave import given, then


def coverage_json(context, name):
    """coverage.py's report of a data file, but for the time and the order of contexts."""
    command = f"coverage json --show-contexts --data-file={name} -q -o -"
    report = json.loads(context.sandbox.run_well(command).out)
    del report["meta"]["timestamp"]
    return sorted_contexts(report)


def sorted_contexts(value):
    if not isinstance(value, dict):
        return value
    if "contexts" in value:
        contexts = value["contexts"].items()
        value["contexts"] = {line: sorted(labels) for line, labels in contexts}
    return {key: sorted_contexts(part) for key, part in value.items()}


def differences(one, other, where=""):
    """Paths to the values that differ."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return [] if one == other else [f"{where}: {one} != {other}"]
    return [
        line
        for key in sorted(one.keys() | other.keys())
        for line in differences(one.get(key), other.get(key), f"{where}/{key}")
    ]


@given('coverage.py has measured the part "{part}" of "{program}" with `{options}`')
def step_measured(context, part, program, options):
    """Its data is left in `.coverage.PART`."""
    run = f"coverage run --data-file=.coverage.{part} {options} {program} {part}"
    context.sandbox.run_well(run)


@given('coverage.py has combined "{names}" into "{name}"')
def step_combined(context, names, name):
    files = names.replace(",", " ")
    context.sandbox.run_well(f"coverage combine --keep -q --data-file={name} {files}")


@then('coverage.py reports of "{name}" what it reports of "{other}"')
def step_same_report(context, name, other):
    found = differences(coverage_json(context, name), coverage_json(context, other))
    assert not found, "\n".join(found)


@then('coverage.py reports the same executed lines of "{name}" as of "{other}"')
def step_same_lines(context, name, other):
    one, two = (
        {path: entry["executed_lines"] for path, entry in coverage_json(context, data)["files"].items()}
        for data in (name, other)
    )
    assert one == two, "\n".join(differences(one, two))


def contents(folder):
    """Every file below a folder but those that covfork and Python make, and what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".covfork" not in path.parts and "__pycache__" not in path.parts
    }


@given("I remember all files")
def step_remember(context):
    context.remembered = contents(context.sandbox.work)


@then("all files are as I remember them")
def step_as_remembered(context):
    now, before = contents(context.sandbox.work), context.remembered
    changed = [name for name in now.keys() | before.keys() if now.get(name) != before.get(name)]
    assert not changed, changed


@given('the file "{name}" is cut to {size:d} bytes')
def step_cut(context, name, size):
    os.truncate(context.sandbox.work / name, size)


@given('the only session holds "{name}"')
def step_into_session(context, name):
    """As COVFORK_ENGINE has it: a file of another tool in the session's folder."""
    (session,) = (context.sandbox.work / ".covfork").glob("s-*")
    (context.sandbox.work / name).rename(session / name)
