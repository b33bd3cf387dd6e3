"""What covfork recorded, against the marks of the targets and against coverage.py."""

import json

from behave import then
from marks import compare
from recorded import covfork_json, data_files, read_ledger


def differences(context, names, report):
    """How a report and the marks of some files differ."""
    problems = []
    for name in names:
        problems += compare(context.sandbox.work / name, report["files"].get(name))
    return problems


def split(names):
    return [name.strip(' "') for name in names.split(",")]


@then("exactly the marked lines are recorded of {names}")
def step_marked_lines(context, names):
    problems = differences(context, split(names), covfork_json(context.sandbox))
    assert not problems, "\n".join([*problems, str(getattr(context, "run", ""))])


@then("the report has the files {names} and no others")
def step_files(context, names):
    found = sorted(covfork_json(context.sandbox)["files"])
    assert found == sorted(split(names)), found


@then("no data file was made")
def step_no_data_file(context):
    folder = context.sandbox.work / ".covfork"
    assert folder.is_dir()
    assert data_files(folder) == [], data_files(folder)


@then('the ledger says "{event}" of a path that ends in "{end}", because of "{reason}"')
def step_ledger_reason(context, event, end, reason):
    events = read_ledger(context.sandbox.work / ".covfork")
    assert any(
        entry["event"] == event and entry["path"].endswith(end) and entry["reason"] == reason
        for entry in events
    ), events


def run_coverage(context, command, commands):
    """Do the work under coverage.py instead; its reports, by name. Its files lie elsewhere."""
    env = {"COVERAGE_FILE": str(context.sandbox.folder / "peer.coverage")}
    run = context.sandbox.run(f"python -m coverage run {command}", env)
    assert run.status == 0, str(run)
    return {name: context.sandbox.run(f"python -m coverage {name}", env) for name in commands}


@then("`{command}` does the same as coverage.py's on `{work}`")
def step_same_as_peer(context, command, work):
    """`report …`: the same text and status, byte for byte."""
    peer = run_coverage(context, work, [command])[command]
    own = context.sandbox.run(f"covfork {command}")
    assert (own.out, own.status) == (peer.out, peer.status), f"{own}\n\ncoverage.py:\n{peer}"
    assert own.err == "", str(own)


def without_meta(path):
    return {key: value for key, value in json.loads(path.read_text()).items() if key != "meta"}


@then("the JSON report equals coverage.py's on `{work}` in all but meta")
def step_json_same_as_peer(context, work):
    folder = context.sandbox.folder
    command = f"json -q -o {folder}/peer.json"
    run = run_coverage(context, work, [command])[command]
    assert run.status == 0, str(run)
    context.sandbox.run_well(f"covfork json -q -o {folder}/own.json")
    own, peer = without_meta(folder / "own.json"), without_meta(folder / "peer.json")
    assert own["files"].keys() == peer["files"].keys(), (own["files"].keys(), peer["files"].keys())
    for name in peer["files"]:
        assert own["files"][name] == peer["files"][name], (name, own["files"][name], peer["files"][name])
    assert own == peer, (own["totals"], peer["totals"])
