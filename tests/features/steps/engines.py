"""What coverage.py and slipcover have saved under covfork, read with their own readers."""

import json
import os
import sqlite3

from behave import given, then, when
from coverage import CoverageData
from fixtures import engine_environment, skipped_without_network
from marks import read_marks
from recorded import read_ledger


def run_under(context, engine, command):
    env = {"LD_PRELOAD": context.sandbox.env["LIBRARY"], "COVFORK_ENGINE": engine}
    context.run = context.sandbox.run(command, env)


@when("I run `{command}` with the engine {engine}")
def step_run_under(context, command, engine):
    run_under(context, engine, command)


@when("I run `{command}` with and without the engine {engine}")
def step_run_both(context, command, engine):
    context.bare = context.sandbox.run(command)
    run_under(context, engine, command)


@then("both did the same")
def step_same(context):
    bare, own = context.bare, context.run
    same = (bare.status, bare.out, bare.err) == (own.status, own.out, own.err)
    assert same, f"{own}\n\nwithout it:\n{bare}"


@given("there is an environment of Python {version} with both tools")
def step_environment(context, version):
    with skipped_without_network(context):
        python = engine_environment(version)
        if not python:
            print(f"SKIPPED: there is no Python {version} here")
            context.scenario.skip("no such interpreter")
            return
        context.sandbox.env["OLDER"] = str(python)


def files(context, pattern):
    return sorted((context.sandbox.work / ".covfork").glob(f"s-*/{pattern}"))


def saved_lines(context):
    """{path: lines} of all files that were saved."""
    found = {}
    for path in files(context, ".coverage.*"):
        data = CoverageData(path)
        data.read()
        for name in data.measured_files():
            found.setdefault(name, set()).update(data.lines(name))
    for path in files(context, "*.slipcover.json"):
        for name, entry in json.loads(path.read_text())["files"].items():
            found.setdefault(name, set()).update(entry["executed_lines"])
    return found


def assert_lines(context, names, exactly):
    found = saved_lines(context)
    for name in names.replace('"', "").split(", "):
        path = context.sandbox.work / name
        ran, not_run = read_marks(path)
        lines = found.get(os.path.realpath(path), set())
        missing, wrong = set(ran) - lines, lines & set(not_run)
        if exactly:
            wrong = lines - set(ran)
        assert not missing and not wrong, (
            f"{name}: not there: {sorted(missing)}; wrong: {sorted(wrong)}\n{context.run}\n"
            f"{read_ledger(context.sandbox.work / '.covfork')}"
        )


@then("the engine has saved exactly the marked lines of {names}")
def step_exact(context, names):
    assert_lines(context, names, True)


@then("the engine has saved the marked lines of {names}")
def step_some(context, names):
    assert_lines(context, names, False)


@then('the engine has saved line {number:d} of "{name}"')
def step_line(context, number, name):
    lines = saved_lines(context).get(os.path.realpath(context.sandbox.work / name), set())
    assert number in lines, f"{sorted(lines)}\n{context.run}"


@then('line {number:d} of "{name}" is in {count:d} file')
@then('line {number:d} of "{name}" is in {count:d} files')
def step_in_files(context, number, name, count):
    path = os.path.realpath(context.sandbox.work / name)
    having = 0
    for file in files(context, ".coverage.*"):
        data = CoverageData(file)
        data.read()
        having += number in (data.lines(path) or ())
    for file in files(context, "*.slipcover.json"):
        entry = json.loads(file.read_text())["files"].get(path, {})
        having += number in entry.get("executed_lines", ())
    assert having == count, having


@then('the engine has saved the branches "{arcs}" of "{name}"')
def step_branches(context, arcs, name):
    wanted = {tuple(map(int, arc.split(">"))) for arc in arcs.split()}
    path = os.path.realpath(context.sandbox.work / name)
    found = set()
    for file in files(context, ".coverage.*"):
        data = CoverageData(file)
        data.read()
        found.update(data.arcs(path) or ())
    for file in files(context, "*.slipcover.json"):
        entry = json.loads(file.read_text())["files"].get(path, {})
        found.update(map(tuple, entry.get("executed_branches", ())))
    assert wanted <= found, found


@then('the contexts are "{names}"')
def step_contexts(context, names):
    found = set()
    for file in files(context, ".coverage.*"):
        data = CoverageData(file)
        data.read()
        found |= data.measured_contexts()
    assert found == set(names.split(", ")), found


def events_of(context, name):
    return [e for e in read_ledger(context.sandbox.work / ".covfork") if e["event"] == name]


@then('the ledger names {count:d} "{name}"')
def step_count(context, count, name):
    found = events_of(context, name)
    assert len(found) == count, found


@then('the ledger\'s only loss is "{text}"')
def step_loss(context, text):
    reasons = [event["reason"] for event in events_of(context, "lost")]
    assert len(reasons) == 1 and text in reasons[0], reasons


@then("the engine left files in its session's folder alone")
def step_alone(context):
    """Each of the names that format.h has, nothing half-written, nothing in the work folder."""
    for path in files(context, "*"):
        known = (".coverage.", "settings", "ledger", "sources", "overflow.data")
        assert path.name.startswith(known) or path.name.endswith(".slipcover.json"), path
        if path.name.startswith(".coverage."):
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
                connection.execute("select * from coverage_schema").fetchall()
    strangers = [p.name for p in context.sandbox.work.glob(".coverage*") if p.name != ".coveragerc"]
    assert not strangers, strangers
