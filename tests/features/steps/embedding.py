"""Programs that have Python in them as a library."""

import subprocess

from behave import then, when
from interpreters import report, run_twice
from pythons import WANTED, find_pythons
from recorded import read_ledger
from sandbox import BUILD, SOURCE

# Prints where the interpreter's library is, and its prefix; nothing where it has none.
FIND_LIBRARY = """
import os, sys, sysconfig
path = os.path.join(*map(str, sysconfig.get_config_vars("LIBDIR", "INSTSONAME")))
if sysconfig.get_config_var("Py_ENABLE_SHARED") and os.path.exists(path):
    print(path, sys.base_prefix, sep="\\n")
"""


def find_library(python):
    """The path of its library, and its prefix; None where it is in the program."""
    command = [python.path, "-I", "-c", FIND_LIBRARY]
    lines = subprocess.check_output(command, text=True).splitlines()
    return lines or None


@when("a host with each Python from {first} on runs `{command}`")
def step_each_host(context, first, command):
    """$HOST is the folder that tests/targets/embedding/make-hosts makes, $LIBRARY_OF_PYTHON the library."""
    context.pairs = {}
    for python in find_pythons(*WANTED[WANTED.index(first):]):
        found = find_library(python)
        if not found:
            print(f"SKIPPED: {python.path} has no library")
            continue
        library, prefix = found
        host = context.sandbox.folder / f"host-{python.version}"
        context.sandbox.run_well(["./make-hosts", library, str(host)])
        env = {
            "HOST": str(host),
            "LIBRARY_OF_PYTHON": library,
            "PYTHON": python.path,
            "PYTHONHOME": prefix,
            "PYTHONPATH": ".",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        run_twice(context, python.version, command, env)
    if not context.pairs:
        context.scenario.skip("no Python here has a library")


@when("the real program {name} is recorded")
def step_real_program(context, name):
    """By scripts/bench/real-programs, which says why where it can't be."""
    script = SOURCE / "scripts" / "bench" / "real-programs"
    context.run = context.sandbox.run([str(script), "--build", str(BUILD), name])
    if context.run.status == 2:
        print(f"SKIPPED: {context.run.out}{context.run.err}")
        context.scenario.skip(f"{name} can't be run here")


def losses(folder):
    return [event["reason"] for event in read_ledger(folder) if event["event"] == "lost"]


@then('each run\'s ledger names the loss "{reason}"')
def step_loss(context, reason):
    report(
        f"{label}: {losses(folder)}"
        for label, (_, _, folder) in context.pairs.items()
        if reason not in losses(folder)
    )


@then("no run's report is complete")
def step_incomplete(context):
    problems = []
    for label, (_, _, folder) in context.pairs.items():
        run = context.sandbox.run("covfork report --require-complete", {"COVFORK_DIR": str(folder)})
        problems.append("" if run.status == 3 else f"{label}: {run}")
    report(problems)


@then("each run's report is complete")
def step_complete(context):
    problems = []
    for label, (_, _, folder) in context.pairs.items():
        run = context.sandbox.run("covfork report --require-complete", {"COVFORK_DIR": str(folder)})
        problems.append("" if run.status == 0 else f"{label}: {run}")
    report(problems)
