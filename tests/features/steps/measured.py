"""What covfork recorded, against the marks of the targets and against coverage.py."""

import json

from behave import then
from marks import compare, read_marks
from peer import coverage_lines, explain, lines_of, run_coverage
from recorded import covfork_json, data_files, read_ledger
from sandbox import SOURCE


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


@then('at least the marked lines are recorded of "{name}"')
def step_marked_lines_at_least(context, name):
    ran, not_run = read_marks(context.sandbox.work / name)
    executed = set(covfork_json(context.sandbox)["files"][name]["executed_lines"])
    assert executed >= set(ran), f"lost: {sorted(set(ran) - executed)}"
    assert not executed & set(not_run), f"did not run: {sorted(executed & set(not_run))}"


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


@then("`{command}` does the same as coverage.py's on `{work}`")
def step_same_as_peer(context, command, work):
    """`report …`: the same text and status, byte for byte."""
    peer = run_coverage(context.sandbox, work, [command])[command]
    own = context.sandbox.run(f"covfork {command}")
    assert (own.out, own.status) == (peer.out, peer.status), f"{own}\n\ncoverage.py:\n{peer}"
    assert own.err == "", str(own)


def without_meta(path):
    return {key: value for key, value in json.loads(path.read_text()).items() if key != "meta"}


@then("the JSON report equals coverage.py's on `{work}` in all but meta")
def step_json_same_as_peer(context, work):
    folder = context.sandbox.folder
    command = f"json -q -o {folder}/peer.json"
    run = run_coverage(context.sandbox, work, [command])[command]
    assert run.status == 0, str(run)
    context.sandbox.run_well(f"covfork json -q -o {folder}/own.json")
    own, peer = without_meta(folder / "own.json"), without_meta(folder / "peer.json")
    assert own["files"].keys() == peer["files"].keys(), (own["files"].keys(), peer["files"].keys())
    for name in peer["files"]:
        assert own["files"][name] == peer["files"][name], (name, own["files"][name], peer["files"][name])
    assert own == peer, (own["totals"], peer["totals"])


@then("the recorded lines are those that coverage.py finds in one process")
def step_lines_of_one_process(context):
    driver = SOURCE / "tests" / "features" / "one_process.py"
    peer = coverage_lines(context.sandbox, driver)
    problems = explain(lines_of(covfork_json(context.sandbox)), peer)
    assert not problems, "\n".join([*problems, str(context.run)])


@then('the report has all of the package "{package}", "{unimported}" too')
def step_whole_package(context, package, unimported):
    found = [name for name in covfork_json(context.sandbox)["files"] if name.startswith(f"{package}/")]
    work = context.sandbox.work
    wanted = [str(path.relative_to(work)) for path in (work / package).rglob("*.py")]
    assert sorted(found) == sorted(wanted), found
    assert unimported in found


@then("the report is of {count:d} runs")
def step_runs(context, count):
    runs = covfork_json(context.sandbox)["meta"]["covfork"]["runs"]
    assert runs == count, runs
