"""The example project and what its session coverage_report leaves."""

import json

from behave import given, then
from fixtures import example_environments, skipped_without_network
from peer import coverage_lines_with_children, explain, lines_of
from sandbox import EXAMPLE


@given("the example project")
def step_example(context):
    """With environments that are there already: `nox -R` uses them."""
    context.sandbox.copy(EXAMPLE)
    with skipped_without_network(context):
        (context.sandbox.work / ".nox").symlink_to(example_environments())


def session_report(context):
    return json.loads((context.sandbox.work / "build" / "coverage.json").read_text())


@then("build/coverage.json has every module of the package shop")
def step_complete(context):
    work = context.sandbox.work
    wanted = sorted(str(path.relative_to(work)) for path in (work / "shop").rglob("*.py"))
    found = sorted(session_report(context)["files"])
    assert found == wanted, f"missing: {set(wanted) - {*found}}, too many: {set(found) - {*wanted}}"


@then('build/coverage.json says that no line of "{name}" ran')
def step_none_ran(context, name):
    entry = session_report(context)["files"][name]
    assert entry["executed_lines"] == [] and entry["missing_lines"], entry


@then("the lines in build/coverage.json are those that coverage.py finds for `{work}` and its children")
def step_same_lines(context, work):
    own = lines_of(session_report(context))
    peer = coverage_lines_with_children(context.sandbox, work, "shop")
    problems = explain(own, peer)
    assert not problems, "\n".join(problems)
