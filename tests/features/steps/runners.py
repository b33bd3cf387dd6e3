"""Test runners and servers below covfork, against themselves without it and against coverage.py."""

import json
import re
import time
from string import Template

from behave import given, then, when
from fixtures import made_once, runners_environment, skipped_without_network
from marks import compare
from peer import coverage_lines_of_all, explain, lines_of
from sandbox import EXAMPLE, PINS, SOURCE, TARGETS

# All that what coverage.py finds depends on, beside the command.
MAKERS = [EXAMPLE, TARGETS / "runners", SOURCE / "tests" / "features" / "peer.py", PINS]

# What differs from run to run of the same command: durations, moments, process ids.
CHANGING = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?( [+-]\d{4})?"), "MOMENT"),
    (re.compile(r"\b\d+(min|m) (?=\d)"), ""),
    (re.compile(r"\(\d[^ )]* seconds\)"), "(TIME)"),
    (re.compile(r"\b\d+(\.\d+)? ?(ms|s|seconds?)\b"), "TIME"),
    # nox says nothing of what takes no second.
    (re.compile(r",? (in|took) (a second|TIME)"), ""),
    (re.compile(r"\[\d+\]|\bpid[:=]? ?\d+"), "PID"),
    (re.compile(r"\bgw\d+\b"), "WORKER"),
    # pytest's dots, between which a worker's end is said.
    (re.compile(r"^[.F]+ *(?=\[)", re.MULTILINE), ""),
]

# What a report says of processes that were killed while an engine in Python held what they ran.
KILLED = (
    r"Incomplete: \d+ of \d+ interpreters lost data: "
    r"an interpreter ended before it could save: .*? \(see covfork tree\)\."
)


@given("the shop and the runners")
def step_shop(context):
    """The example project, and what makes it work with each of the runners."""
    context.sandbox.copy(EXAMPLE)
    context.sandbox.copy(TARGETS / "runners")
    step_runners(context)


@given("the runners")
def step_runners(context):
    """Before all else on PATH: their environment."""
    env = context.sandbox.env
    with skipped_without_network(context):
        env["PATH"] = f"{runners_environment() / 'bin'}:{env['PATH']}"


@given('the engine "{engine}"')
def step_engine(context, engine):
    context.sandbox.env["COVFORK_ENGINE"] = engine


@given('$FEATURES are "{names}"')
def step_features(context, names):
    paths = [f"features/{name}.feature" for name in names.split()]
    context.sandbox.env["FEATURES"] = " ".join(paths)


@given('${name} is "{value}"')
def step_variable(context, name, value):
    context.sandbox.env[name] = value


def steady(text):
    """The lines of a parallel program's output, in an order of their own, without what changes."""
    for pattern, name in CHANGING:
        text = pattern.sub(name, text)
    return sorted(text.splitlines())


@then("both end with status {status:d} and say the same, in any order and at any time")
def step_alike(context, status):
    bare, own = context.bare, context.run
    assert own.status == bare.status == status, f"{own}\n\nwithout covfork:\n{bare}"
    for name in "out", "err":
        mine, theirs = steady(getattr(own, name)), steady(getattr(bare, name))
        assert mine == theirs, f"{own}\n\nwithout covfork:\n{bare}"


def data_variables(context):
    """Where `I run ... with and without covfork` keeps the data, for the collector."""
    return {"COVFORK_DIR": str(context.sandbox.folder / "data")}


def report_of(context):
    """What was recorded, once what outlives its runner (a tracker of resources, say) has ended."""
    path = context.sandbox.folder / "report.json"
    until = time.monotonic() + 60
    while True:
        run = context.sandbox.run_well(f"covfork json -q -o {path}", data_variables(context))
        if "still runs" not in run.err:
            break
        assert time.monotonic() < until, str(run)
        time.sleep(0.2)
    assert run.err == "", str(run)
    return json.loads(path.read_text())


@then("nothing is lost")
def step_complete(context):
    run = context.sandbox.run("covfork report --require-complete", data_variables(context))
    assert run.status == 0, f"{run}\n\n{context.sandbox.run('covfork tree', data_variables(context))}"


@then("the lines of the shop are those that coverage.py finds for `{work}`")
def step_reference(context, work):
    own = lines_of(report_of(context))
    work = Template(work).safe_substitute(context.sandbox.env)
    peer = made_once(lambda: coverage_lines_of_all(context.sandbox, work, "shop"), work, *MAKERS)
    assert any(executed for executed, _ in peer.values()), peer
    problems = explain(own, peer)
    assert not problems, "\n".join([*problems, str(context.run)])


@then("of that run exactly the marked lines are recorded of {names}")
def step_marks(context, names):
    files = report_of(context)["files"]
    problems = []
    for name in names.split(", "):
        problems += compare(context.sandbox.work / name, files.get(name))
    assert not problems, "\n".join([*problems, str(context.run)])


@then('the output without covfork has the words "{words}"')
def step_bare_words(context, words):
    assert words in context.bare.out, str(context.bare)


@when("I run `{command}` under each of the engines {first}, {second} and {third}")
def step_engines(context, command, first, second, third):
    context.runs, context.reports, context.summaries = {}, {}, {}
    for engine in first, second, third:
        env = {"COVFORK_ENGINE": engine, "COVFORK_DIR": str(context.sandbox.folder / engine)}
        library = {"LD_PRELOAD": context.sandbox.env["LIBRARY"]}
        context.runs[engine] = context.sandbox.run(command, {**env, **library}, timeout=500)
        path = context.sandbox.folder / f"{engine}.json"
        context.sandbox.run_well(f"covfork json -q -o {path}", env)
        context.reports[engine] = lines_of(json.loads(path.read_text()))
        context.summaries[engine] = context.sandbox.run("covfork report --require-complete", env)


@then('each ends with status {status:d} and says "{words}"')
def step_each_ends(context, status, words):
    for run in context.runs.values():
        assert run.status == status and words in run.out, str(run)


@then("each has recorded the same lines of the shop")
def step_same_reports(context):
    first, *others = context.reports
    assert any(executed for executed, _ in context.reports[first].values())
    problems = []
    for engine in others:
        problems += explain(context.reports[first], context.reports[engine], (first, engine))
    assert not problems, "\n".join(problems)


@then("nothing is lost by {engine}, and by the others only by processes that were killed")
def step_lost(context, engine):
    for name, run in context.summaries.items():
        last = run.out.splitlines()[-1]
        if name == engine:
            assert run.status == 0, str(run)
        elif run.status != 0:
            assert re.fullmatch(KILLED, last), str(run)
