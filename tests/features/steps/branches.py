"""Which ways were taken, in covfork's data, and against coverage.py."""

import os
import sys

from behave import then, when
from interpreters import report
from pythons import find_pythons, WANTED
from ways import BRANCHES, compare_ways, read_ways


def ways_of(context, name):
    """For each run the arcs of a file."""
    path = context.sandbox.work / name
    for label, (_, _, folder) in context.pairs.items():
        yield label, path, read_ways(folder).get(str(path))


@then('each run recorded exactly the marked ways of "{name}"')
def step_each_marked_ways(context, name):
    report(
        f"{label}: {problem}"
        for label, path, arcs in ways_of(context, name)
        for problem in (["nothing was recorded"] if arcs is None else compare_ways(path, arcs))
    )


@then('each run recorded lines of "{name}" but no ways')
def step_each_no_ways(context, name):
    report(f"{label}: {arcs}" for label, _, arcs in ways_of(context, name) if arcs != [])


@when('the target "branches/{name}.py" runs below coverage.py and below covfork')
def step_compare(context, name):
    """In the interpreters that were chosen and have coverage.py, or in the one that runs this."""
    chosen = find_pythons(*WANTED) if os.environ.get("COVFORK_TEST_PYTHONS") else []
    pythons = [python.path for python in chosen if python.has_module("coverage")] or [sys.executable]
    options = f'--no-stdlib --library "$LIBRARY" --only {name}'
    quoted = " ".join(f'"{path}"' for path in pythons)
    context.run = context.sandbox.run(f'"{sys.executable}" "{BRANCHES}" {options} {quoted}')
    context.compared = len(pythons)


@then("both recorded the same branches")
def step_equal(context):
    """Each interpreter's line says so."""
    assert context.run.status == 0, str(context.run)
    equal = [line for line in context.run.out.splitlines() if line.endswith(" branches, 0 files differ")]
    assert len(equal) == context.compared and ": 0 files" not in context.run.out, str(context.run)
