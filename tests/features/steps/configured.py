"""Runs that a configuration refuses or labels."""

import fnmatch
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


def each_run(context, command):
    """What `covfork COMMAND` does with the data of each interpreter, by its label."""
    for label, (_, _, folder) in context.pairs.items():
        yield label, context.sandbox.run(f"covfork {command}", {"COVFORK_DIR": str(folder)})


@then('each run\'s report warns "{pattern}"')
def step_each_report_warns(context, pattern):
    for label, run in each_run(context, "report"):
        lines = run.err.splitlines()
        found = len(lines) == 1 and fnmatch.fnmatchcase(lines[0], "covfork: warning: " + pattern.replace("[", "[[]"))
        assert run.status == 0 and found, f"{label}: {run}"


@then("each run is incomplete")
def step_each_incomplete(context):
    for label, run in each_run(context, "report --require-complete"):
        assert run.status == 3, f"{label}: {run}"


@then('each run has the context "{name}" alone')
def step_each_context(context, name):
    for label, run in each_run(context, "json -q --show-contexts -o -"):
        files = json.loads(run.out)["files"]
        assert {"main.py", "starts.py"} <= set(files), f"{label}: {run}"
        found = {text for file in files.values() for texts in file["contexts"].values() for text in texts}
        assert found == {name}, f"{label}: {found}"
