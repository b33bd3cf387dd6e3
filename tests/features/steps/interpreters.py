"""The same command under several interpreters, with and without covfork."""

import os
import shutil

from behave import then, when
from marks import compare, read_marks
from peer import coverage_lines, explain, lines_of
from pythons import OLD, WANTED, find_pythons
from recorded import covfork_json, data_files, read_ledger


def run_twice(context, label, command, env):
    """Run a command as it is, then recorded: both Runs, with a data folder of its own."""
    sandbox = context.sandbox
    bare = sandbox.run(command, env)
    folder = sandbox.folder / f"data-{label}"
    own = {"LD_PRELOAD": sandbox.env["LIBRARY"], "COVFORK_DIR": str(folder)}
    context.pairs[label] = (bare, sandbox.run(command, {**env, **own}), folder)


def run_with_pythons(context, kinds, command):
    context.pairs = {}
    context.pythons = find_pythons(*kinds)
    for python in context.pythons:
        run_twice(context, python.version, command, {"PYTHON": python.path})
    if not context.pairs:
        context.scenario.skip("there is no such interpreter here")


@when("each Python from {first} on runs `{command}`")
def step_each_python(context, first, command):
    """$PYTHON is the interpreter."""
    run_with_pythons(context, WANTED[WANTED.index(first):], command)
    if not context.pairs and first == WANTED[0]:
        raise AssertionError(f"no Python {first} or newer found")


@when("each Python from {first} on runs")
def step_each_python_script(context, first):
    step_each_python(context, first, context.text)


@when("each older Python and PyPy runs `{command}`")
def step_each_old_python(context, command):
    run_with_pythons(context, OLD, command)


@when("the program runs as `{command}`")
def step_program(context, command):
    context.pairs = {}
    run_twice(context, "program", command, {})


def report(problems):
    """Fail with all problems at once; empty ones are none."""
    problems = [problem for problem in problems if problem]
    assert not problems, "\n\n".join(problems)


@then("each run looks as it does without covfork")
def step_unnoticed(context):
    """The same output, error output and status."""
    report(
        f"{label}: {own}\n\nwithout covfork:\n{bare}"
        for label, (bare, own, _) in context.pairs.items()
        if (bare.out, bare.err, bare.status) != (own.out, own.err, own.status)
    )


@then("each succeeded")
def step_succeeded(context):
    report(f"{label}: {bare}" for label, (bare, _, _) in context.pairs.items() if bare.status)


@then("each printed the errors {texts}")
def step_printed_errors(context, texts):
    wanted = [text.strip('" ') for text in texts.split(",")]
    report(
        f"{label}: {bare}"
        for label, (bare, _, _) in context.pairs.items()
        if bare.err.splitlines() != wanted
    )


@then("each run recorded exactly the marked lines of {names}")
def step_each_marked(context, names):
    problems = []
    for label, (_, own, folder) in context.pairs.items():
        files = covfork_json(context.sandbox, {"COVFORK_DIR": str(folder)})["files"]
        for name in names.split(","):
            name = name.strip(' "')
            found = compare(context.sandbox.work / name, files.get(name))
            problems += [f"{label}: {text}" for text in found]
    report(problems)


@then('each run recorded nothing of "{names}"')
def step_each_nothing(context, names):
    problems = []
    for label, (_, _, folder) in context.pairs.items():
        files = covfork_json(context.sandbox, {"COVFORK_DIR": str(folder)})["files"]
        problems += [f"{label}: {name} is in the report" for name in names.split(", ") if name in files]
    report(problems)


@then('each run has {count:d} statement in "{name}"')
@then('each run has {count:d} statements in "{name}"')
def step_each_statements(context, count, name):
    problems = []
    for label, (_, _, folder) in context.pairs.items():
        files = covfork_json(context.sandbox, {"COVFORK_DIR": str(folder)})["files"]
        found = files[name]["summary"]["num_statements"]
        problems += [f"{label}: {found} statements"] if found != count else []
    report(problems)


@then('each run recorded at least the marked lines of "{name}"')
def step_each_marked_at_least(context, name):
    """And none that is marked as not run; lines without a mark may be either."""
    ran, not_run = read_marks(context.sandbox.work / name)
    problems = []
    for label, (_, _, folder) in context.pairs.items():
        files = covfork_json(context.sandbox, {"COVFORK_DIR": str(folder)})["files"]
        executed = set(files.get(name, {}).get("executed_lines", []))
        problems += [f"{label}: {name}:{line} is lost" for line in ran if line not in executed]
        problems += [f"{label}: {name}:{line} did not run" for line in not_run if line in executed]
    report(problems)


@then('each run recorded the lines of "{name}" that coverage.py finds in `{work}`')
def step_each_as_coverage(context, name, work):
    """It must be installed in the interpreter; those without it are named."""
    problems, compared = [], 0
    for python in context.pythons:
        if not python.has_module("coverage"):
            print(f"SKIPPED: {python.path} has no coverage.py")
            continue
        compared += 1
        folder = context.pairs[python.version][2]
        own = lines_of(covfork_json(context.sandbox, {"COVFORK_DIR": str(folder)}))
        peer = coverage_lines(context.sandbox, work, python.path)
        assert name in peer, f"{python.version}: coverage.py has no {name}"
        others = {*own, *peer} - {name}
        found = explain(*({k: v for k, v in table.items() if k not in others} for table in (own, peer)))
        problems += [f"{python.version}: {problem}" for problem in found]
    report(problems)
    if not compared:
        context.scenario.skip("no interpreter has coverage.py")


@then("no run left a data file")
def step_no_data(context):
    report(
        f"{label}: {data_files(folder)}"
        for label, (_, _, folder) in context.pairs.items()
        if data_files(folder)
    )


@then("each run's ledger names the interpreter")
def step_ledger_names_python(context):
    paths = {python.version: python.executable for python in context.pythons}
    report(ledger_problem(context, label, paths[label]) for label in context.pairs)


@then("the ledger names the program {name}")
def step_ledger_names(context, name):
    path = shutil.which(name, path=context.sandbox.env["PATH"])
    report([ledger_problem(context, "program", path)])


def ledger_problem(context, label, path):
    events = read_ledger(context.pairs[label][2])
    started = {event["exe"] for event in events if event["event"] == "start"}
    return "" if os.path.realpath(path) in started else f"{label}: {path} is not among {started}"
