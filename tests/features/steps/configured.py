"""Runs that a configuration refuses or labels."""

import json

from behave import then, when


@then("coverage.py refuses to run `{work}`")
def step_peer_refuses(context, work):
    env = {"COVERAGE_FILE": str(context.sandbox.folder / "peer.coverage")}
    run = context.sandbox.run(f"python -m coverage run {work}", env)
    assert run.status == 1 and "begun" not in run.out, f"coverage.py runs it:\n{run}"


@when('I run `{command}` the standard error has "{text}", for each <{name}>')
def step_each_says(context, command, text, name):
    for row in context.table:
        run = context.sandbox.run(command.replace(f"<{name}>", row[name]))
        assert run.status == 0 and text in run.err, str(run)


@then('the contexts of line {line:d} of "{name}" are "{labels}"')
def step_contexts(context, line, name, labels):
    """Names, with "; " between them."""
    found = json.loads(context.run.out)["files"][name]["contexts"].get(str(line), [])
    assert "; ".join(sorted(found)) == labels, f"{found}\n{context.run}"


@then('the contexts of line {line:d} of "{name}" are ""')
def step_no_context(context, line, name):
    found = json.loads(context.run.out)["files"][name]["contexts"].get(str(line), [])
    assert found == [""], f"{found}\n{context.run}"
