"""Files, commands, and what they print."""

import contextlib
import fcntl
import fnmatch
import os
import pty
import shutil
import signal
import struct
import subprocess
import termios
import time

from behave import given, then, when
from sandbox import TARGETS, Run


@given('the target "{name}"')
def step_target(context, name):
    """A file of tests/targets, or all that a folder there holds."""
    context.sandbox.copy(TARGETS / name)


@given('the file "{name}"')
def step_file(context, name):
    context.sandbox.write(name, context.text + "\n")


@given('"{text}" is replaced by "{other}" in "{name}"')
def step_replace(context, text, other, name):
    path = context.sandbox.work / name
    before = path.read_text()
    assert text in before, f"{name} has no {text!r}"
    path.write_text(before.replace(text, other))


@given('the program "{name}" is installed')
def step_installed(context, name):
    if not shutil.which(name, path=context.sandbox.env["PATH"]):
        print(f"SKIPPED: there is no {name} here")
        context.scenario.skip(f"there is no {name} here")


@given('the C program "{name}", made with `{command}`')
def step_compile(context, name, command):
    """Compile a target's C source in the work folder."""
    context.sandbox.copy(TARGETS / "c" / name)
    context.sandbox.run_well(command)


@given("I am root")
def step_root(context):
    if os.geteuid() != 0:
        print("SKIPPED: this takes root")
        context.scenario.skip("this takes root")


@given("I have run `{command}`")
def step_have_run(context, command):
    context.sandbox.run_well(command)


@when("I run `{command}`")
def step_run(context, command):
    context.run = context.sandbox.run(command)


@when("I run")
def step_run_script(context):
    context.run = context.sandbox.run(context.text)


def read_terminal(descriptor):
    """All that is written there until the last program has closed it."""
    parts = []
    with contextlib.suppress(OSError):  # EIO: nobody has it open any more
        while part := os.read(descriptor, 65536):
            parts.append(part)
    os.close(descriptor)
    return b"".join(parts).decode("utf-8", "backslashreplace").replace("\r\n", "\n")


@when("I run `{command}` on a terminal of {columns:d} columns")
def step_run_on_terminal(context, command, columns):
    """What it writes, on standard error too, becomes the standard output."""
    own, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 50, columns, 0, 0))
    env = {"TERM": "xterm", "NO_COLOR": "", "COLUMNS": ""}
    process = context.sandbox.start(command, terminal, terminal, env=env)
    os.close(terminal)
    text = read_terminal(own)
    context.run = Run(command, process.wait(60), text, "")


@when('I run `{command}` and send {name} once it says "{word}"')
def step_run_and_signal(context, command, name, word):
    """The signal goes to the command; that named "SIGINT to the group" goes to all below it."""
    log = context.sandbox.folder / "out"
    errors = context.sandbox.folder / "err"
    with log.open("wb") as out, errors.open("wb") as err:
        process = context.sandbox.start(f"exec {command}", out, err)
        until = time.monotonic() + 60
        while word not in log.read_text() and process.poll() is None:
            assert time.monotonic() < until, f"it never said {word!r}: {log.read_text()}"
            time.sleep(0.02)
        number = getattr(signal, name.split()[0])
        if name.endswith("to the group"):
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        try:
            status = process.wait(60)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{command} did not end after {name}") from None
    context.run = Run(command, status, log.read_text(), errors.read_text())


@then("the status is {status:d}")
def step_status(context, status):
    assert context.run.status == status, str(context.run)


def stream(context, name):
    return context.run.out if name == "output" else context.run.err


@then("the standard {name} is empty")
def step_stream_empty(context, name):
    assert stream(context, name) == "", str(context.run)


@then("the standard {name} is")
def step_stream_is(context, name):
    assert stream(context, name) == context.text + "\n", str(context.run)


@then('the standard {name} is "{text}"')
def step_stream_is_line(context, name, text):
    assert stream(context, name) == text + "\n", str(context.run)


@then('the standard {name} is one line like "{pattern}"')
def step_stream_like(context, name, pattern):
    """`*` and `?` stand for any text and any character."""
    lines = stream(context, name).splitlines()
    assert len(lines) == 1 and fnmatch.fnmatchcase(lines[0], pattern), str(context.run)


@then('the last line of the standard {name} is like "{pattern}"')
def step_last_line_like(context, name, pattern):
    lines = stream(context, name).splitlines()
    assert lines and fnmatch.fnmatchcase(lines[-1], pattern), str(context.run)


@then('the standard {name} has "{text}"')
def step_stream_has(context, name, text):
    """`\\n` stands for a new line."""
    assert text.replace("\\n", "\n") in stream(context, name), str(context.run)


@then('the standard {name} has no "{text}"')
def step_stream_has_not(context, name, text):
    assert text not in stream(context, name), str(context.run)


@then('there is a file "{name}"')
def step_there_is(context, name):
    assert (context.sandbox.work / name).exists(), name


@then('there is no file "{name}"')
def step_there_is_not(context, name):
    assert not (context.sandbox.work / name).exists(), name
