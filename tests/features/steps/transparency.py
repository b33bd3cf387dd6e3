"""The same command with and without covfork, from the same files."""

import os
import shutil
import stat
from pathlib import Path

from behave import given, then, when
from fixtures import made_program
from recorded import read_ledger

# Where else than on the PATH of the tests programs use to be installed.
PLACES = [Path("/usr/local/go/bin"), Path.home() / ".cargo" / "bin", Path("/usr/sbin"), Path("/sbin")]


def skip(context, reason):
    print(f"SKIPPED: {reason}")
    context.scenario.skip(reason)


@given('the program "{name}" is found')
def step_found(context, name):
    env = context.sandbox.env
    path = shutil.which(name, path=":".join([env["PATH"], *map(str, PLACES)]))
    if not path:
        skip(context, f"there is no {name} here")
        return
    env["PATH"] += f":{Path(path).parent}"
    # A home of its own hides the compiler that rustup has installed.
    for variable, folder in ("RUSTUP_HOME", ".rustup"), ("CARGO_HOME", ".cargo"):
        env.setdefault(variable, os.environ.get(variable, str(Path.home() / folder)))


@given('the program "{name}", made once from "{source}" with `{command}`')
def step_made_once(context, name, source, command):
    """On PATH then. Its compiler takes too long to be run by each test."""
    program = made_program(name, context.sandbox.work / source, command, context.sandbox.env["PATH"])
    context.sandbox.env["PATH"] += f":{program.parent}"


@given('the C program "{name}", made from "{source}" with `{command}`')
def step_made(context, name, source, command):
    run = context.sandbox.run(f"{command} -o {name} {source}")
    if run.status != 0:
        skip(context, f"`{command}` does not work here")


@given('"{name}" is a setuid program of another user')
def step_setuid(context, name):
    path = context.sandbox.work / name
    nosuid = os.statvfs(path).f_flag & os.ST_NOSUID
    if os.geteuid() != 0 or nosuid:
        skip(context, "this takes root" if not nosuid else "the temp folder allows no setuid programs")
        return
    os.chown(path, 65534, 65534)
    path.chmod(path.stat().st_mode | stat.S_ISUID)


def run_afresh(context, command, env):
    """Run it in the work folder as it was before the first run."""
    work, kept = context.sandbox.work, context.sandbox.folder / "kept"
    if not kept.exists():
        copy_all(work, kept)
    shutil.rmtree(work)
    copy_all(kept, work)
    return context.sandbox.run(command, env)


def copy_all(source, destination):
    """With owners and modes, which shutil leaves out."""
    shutil.copytree(source, destination, symlinks=True)
    for path in source.rglob("*"):
        status, copy = path.lstat(), destination / path.relative_to(source)
        os.chown(copy, status.st_uid, status.st_gid, follow_symlinks=False)
        if not path.is_symlink():
            copy.chmod(stat.S_IMODE(status.st_mode))


@when("I run `{command}` with and without covfork")
def step_run_both(context, command):
    context.bare = run_afresh(context, command, {})
    data = context.sandbox.folder / "data"
    own = {"LD_PRELOAD": context.sandbox.env["LIBRARY"], "COVFORK_DIR": str(data)}
    context.run = run_afresh(context, command, own)
    assert any(event["event"] == "start" for event in read_ledger(data)), "covfork was not there"


@then("it is the same to the byte")
def step_same(context):
    bare, own = context.bare, context.run
    same = (bare.status, bare.out, bare.err) == (own.status, own.out, own.err)
    assert same, f"{own}\n\nwithout covfork:\n{bare}"


@then('the output has the words "{words}"')
def step_has_words(context, words):
    """What was compared is what was meant: a failure would be the same, too."""
    assert words in context.run.out, str(context.run)
