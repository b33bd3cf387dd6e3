"""The example's continuous integration, acted out from its workflow file, and its second suite."""

import json
from xml.etree import ElementTree

from behave import given, then, when
from fixtures import example_environments, robot_environment, skipped_without_network
from peer import explain, lines_of
from sandbox import BUILD, EXAMPLE, LIBRARY, SOURCE, TOOLS

WORKFLOW = "shop/.forgejo/workflows/coverage.yml"
FEATURES = "--quiet features/money_parse.feature features/cron.feature"
SUITES = "integration/feed.robot integration/spool.robot"
GATE = 50
LIMIT = 200_000
# What a job of the workflow runs, less its tests.
NO_TESTS = "python3 -m shop query hammer"
JOBS = ("unit_tests", "integration_tests", "e2e")
TESTS = ("nox -s unit_tests -- $FEATURES", "nox -s integration_tests -- $SUITES", "nox -s e2e")
SMOKE_TEST = """
python3 -m shop --database smoke.db init
python3 -m shop --database smoke.db products hammer
"""


@given("the example project as the repository shop")
def step_repository(context):
    """Environments are made offline from here on: uv's cache has what the sessions install."""
    with skipped_without_network(context):
        example_environments()
        robot_environment()
    context.sandbox.env["UV_OFFLINE"] = "1"
    context.sandbox.copy(EXAMPLE, "shop")


@given("its jobs run one child each instead of their tests")
def step_no_tests(context):
    workflow = context.sandbox.work / WORKFLOW
    text = workflow.read_text()
    for tests in TESTS:
        assert tests in text, tests
        text = text.replace(tests, NO_TESTS)
    workflow.write_text(text)


@given("it has no mapping of paths")
def step_no_mapping(context):
    config = context.sandbox.work / "shop" / "pyproject.toml"
    head, _, rest = config.read_text().partition("[tool.coverage.paths]")
    assert rest
    config.write_text(head + rest[rest.index("[tool."):])


def act_out(context, options="", gate=GATE, path=None):
    program = f"{TOOLS}/python {SOURCE}/scripts/act-out-ci {WORKFLOW} --work acted {options}"
    variables = {"COVFORK_LIBRARY": LIBRARY, "FEATURES": FEATURES, "SUITES": SUITES, "COVERAGE_GATE": gate}
    given = " ".join(f"--var {name}='{value}'" for name, value in variables.items())
    env = {"PATH": path} if path else {}
    context.run = context.sandbox.run(f"{program} {given}", env)


@when("the workflow is acted out")
def step_act_out(context):
    act_out(context)


@when("the job {job} is acted out again")
def step_act_out_again(context, job):
    act_out(context, f"--job {job}")


@when("the job {job} is acted out again with a gate of {gate:d}")
def step_act_out_gate(context, job, gate):
    act_out(context, f"--job {job}", gate)


@when("the job {job} is acted out again where nox, behave and pabot fail")
def step_act_out_alone(context, job):
    for program in "nox", "behave", "pabot", "robot":
        context.sandbox.write(f"failing/{program}", "#!/bin/sh\nexit 9\n")
        (context.sandbox.work / "failing" / program).chmod(0o755)
    act_out(context, f"--job {job}", path=f"{context.sandbox.work}/failing:{BUILD / 'scripts'}:/usr/bin:/bin")


@then("each job that ran tests left one small file")
def step_small_files(context):
    artifacts = context.sandbox.work / "acted" / "artifacts"
    for job in JOBS:
        files = [path for path in (artifacts / f"coverage-{job}").rglob("*") if path.is_file()]
        assert [path.name for path in files] == [f"{job}.covfork"], files
        assert 0 < files[0].stat().st_size < LIMIT, files[0].stat()


def combined_report(context):
    """The report that the job `coverage` uploaded."""
    artifact = context.sandbox.work / "acted" / "artifacts" / "coverage"
    report = json.loads((artifact / "build" / "coverage.json").read_text())
    strangers = [name for name in report["files"] if not name.startswith("shop/")]
    assert not strangers, strangers
    xml = ElementTree.parse(artifact / "coverage.xml").getroot()
    numbers = int(xml.get("lines-valid")), int(xml.get("lines-covered"))
    assert numbers == (report["totals"]["num_statements"], report["totals"]["covered_lines"]), numbers
    return report


@then("the combined lines are those of one run of the three suites in one checkout")
def step_same_as_one_run(context):
    sandbox = context.sandbox
    sandbox.copy(EXAMPLE, "single")
    sandbox.write("single/suites.sh", "\n".join(("set -e", *TESTS, SMOKE_TEST)))
    sandbox.run_well(f"cd single && FEATURES='{FEATURES}' SUITES='{SUITES}' covfork run -q -- bash suites.sh")
    sandbox.run_well("cd single && covfork json -q -o one.json")
    one = json.loads((sandbox.work / "single" / "one.json").read_text())
    report = combined_report(context)
    problems = explain(lines_of(report), lines_of(one))
    assert not problems, "\n".join(problems)
    assert report["totals"] == one["totals"], (report["totals"], one["totals"])
    context.combined = lines_of(report)


@then("the combined lines are the same as before")
def step_same_as_before(context):
    problems = explain(lines_of(combined_report(context)), context.combined)
    assert not problems, "\n".join(problems)


@then("each job ran lines that the others did not")
def step_each_adds(context):
    """Else a job whose data was lost would not be noticed."""
    lines = {}
    for job in JOBS:
        found = lines_of(report_of(context, job))
        lines[job] = {(name, line) for name, entry in found.items() for line in entry[0]}
    for job, own in lines.items():
        others = set().union(*(other for name, other in lines.items() if name != job))
        assert own - others, job


def report_of(context, job):
    """What the file of one job says, in a checkout that is not the job's."""
    sandbox = context.sandbox
    data, report = sandbox.folder / f"{job}.data", sandbox.folder / f"{job}.json"
    file = sandbox.work / "acted" / "artifacts" / f"coverage-{job}" / f"{job}.covfork"
    sandbox.run_well(f"cd shop && covfork combine -q --data-dir '{data}' '{file}'")
    sandbox.run_well(f"cd shop && covfork json -q --data-dir '{data}' -o '{report}'")
    return json.loads(report.read_text())


# Robot Framework


@given("the example project with Robot Framework")
def step_robot(context):
    with skipped_without_network(context):
        context.sandbox.env["PATH"] = f"{robot_environment()}:{context.sandbox.env['PATH']}"
    context.sandbox.copy(EXAMPLE)


@then("the recorded lines are those that coverage.py finds for `{command}` and its children")
def step_same_as_coverage(context, command):
    """With its patches for children and os._exit, and the project's configuration else."""
    sandbox = context.sandbox
    config = (sandbox.work / "pyproject.toml").read_text()
    more = '[tool.coverage.run]\nparallel = true\npatch = ["subprocess", "_exit"]'
    sandbox.write("peer.toml", config.replace("[tool.coverage.run]", more))
    env = {"COVERAGE_FILE": str(sandbox.folder / "peer.coverage")}
    peer, own = sandbox.folder / "peer.json", sandbox.folder / "own.json"
    sandbox.run_well(f"python -m coverage run --rcfile=peer.toml -m {command}", env)
    sandbox.run_well("python -m coverage combine -q --rcfile=peer.toml", env)
    sandbox.run_well(f"python -m coverage json -q --rcfile=peer.toml -o {peer}", env)
    sandbox.run_well(f"covfork json -q -o {own}")
    problems = explain(*(lines_of(json.loads(path.read_text())) for path in (own, peer)))
    assert not problems, "\n".join([*problems, str(context.run)])


@then('the line "{text}" of "{name}" was executed')
def step_line_executed(context, text, name):
    lines = (context.sandbox.work / name).read_text().splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if line.strip() == text]
    assert len(numbers) == 1, f"{name}: {text}: {numbers}"
    context.sandbox.run_well(f"covfork json -q -o {context.sandbox.folder}/own.json")
    report = json.loads((context.sandbox.folder / "own.json").read_text())
    assert numbers[0] in report["files"][name]["executed_lines"], str(context.run)
