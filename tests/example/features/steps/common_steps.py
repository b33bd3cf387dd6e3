"""Files, days, commands, and what comes of them."""

import json
import shlex
import subprocess
import sys
import threading
from copy import copy

from behave import given, then, when
from support.world import ROOT, TIMEOUT

from shop import clock


def cells(row):
    return dict(zip(row.headings, row.cells))


@given("today is {day}")
@when("the day becomes {day}")
def step_today(context, day):
    frozen = clock.frozen(day)
    frozen.__enter__()
    context.add_cleanup(frozen.__exit__, None, None, None)


@given('a file "{name}" with')
def step_file(context, name):
    path = context.world.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = context.text.replace("{dir}", str(context.world.folder))
    path.write_text(text + "\n", encoding="utf-8")


@given('an empty file "{name}"')
def step_empty_file(context, name):
    (context.world.folder / name).write_text("")


@given('the file "{name}" is changed: "{old}" becomes "{new}"')
def step_change_file(context, name, old, new):
    path = context.world.folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, text
    path.write_text(text.replace(old, new), encoding="utf-8")


@given("I run `{command}`")
@when("I run `{command}`")
def step_call(context, command):
    context.world.call(command)


@given("I ran `{command}`")
def step_called(context, command):
    context.world.call(command)
    assert context.world.status == 0, context.world.err


@when("a child runs `{command}`")
def step_child(context, command):
    context.world.start(command)


@when("a child with {name}={value} runs `{command}`")
def step_child_variable(context, name, value, command):
    context.world.start(command, extra={name: value})


@when("a child with nothing in its environment runs `{command}`")
def step_clean_child(context, command):
    context.world.start(command, env={})


@when("a bare child with {name}={value} runs `{command}`")
def step_nearly_clean_child(context, name, value, command):
    context.world.start(command, env={name: value})


@when("a forked child runs `{command}`")
def step_forked_child(context, command):
    context.world.fork(command)


@when("{count:d} children at once run `{command}`")
def step_children_at_once(context, count, command):
    """Threads only wait here: the work is done in the children."""
    worlds = [copy(context.world) for _ in range(count)]
    threads = [threading.Thread(target=world.start, args=(command,)) for world in worlds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    context.world.status = max(world.status for world in worlds)
    context.world.out = "".join(sorted(world.out for world in worlds))
    context.world.err = "".join(world.err for world in worlds)


@when("a shell runs `{command}` with the output in a pipe")
def step_shell(context, command):
    """By way of /bin/sh and a pipe, as a cron job would."""
    words = [sys.executable, "-m", "shop", *context.world.words(command)]
    done = subprocess.run(f"{shlex.join(words)} | cat", shell=True, cwd=ROOT, capture_output=True,
                          text=True, timeout=TIMEOUT, check=False)
    context.world.status, context.world.out, context.world.err = (
        done.returncode, done.stdout, done.stderr)


@then("it succeeds")
def step_succeeds(context):
    world = context.world
    assert world.status == 0, f"status {world.status}\n{world.out}\n{world.err}"


@then("it ends with status {status:d}")
def step_status(context, status):
    world = context.world
    assert world.status == status, f"status {world.status}\n{world.out}\n{world.err}"


@then('it prints "{text}"')
def step_prints(context, text):
    text = text.replace("\\n", "\n")
    assert text in context.world.out, context.world.out


@then('it does not print "{text}"')
def step_prints_not(context, text):
    assert text not in context.world.out, context.world.out


@then("it prints exactly")
def step_prints_exactly(context):
    actual = "\n".join(line.rstrip() for line in context.world.out.strip().splitlines())
    expected = "\n".join(line.rstrip() for line in context.text.strip().splitlines())
    assert actual == expected, f"\n{actual}\n--- expected\n{expected}"


@then("it prints {count:d} line")
@then("it prints {count:d} lines")
def step_line_count(context, count):
    lines = context.world.out.splitlines()
    assert len(lines) == count, f"{len(lines)}: {context.world.out}"


@then('it complains "{text}"')
def step_complains(context, text):
    assert text in context.world.err, context.world.err


@then("it prints JSON in which {path} is {value}")
def step_json(context, path, value):
    node = json.loads(context.world.out)
    for part in path.split("."):
        node = node[int(part)] if isinstance(node, list) else node[part]
    assert str(node) == value, node


@then('there is a file "{name}" with {count:d} lines')
def step_file_lines(context, name, count):
    lines = (context.world.folder / name).read_text(encoding="utf-8").splitlines()
    assert len(lines) == count, lines


@then('the file "{name}" has "{text}"')
def step_file_has(context, name, text):
    content = (context.world.folder / name).read_text(encoding="utf-8")
    assert text in content, content


@then('there is no file "{name}"')
def step_no_file(context, name):
    assert not (context.world.folder / name).exists()


@then('it is refused: "{text}"')
def step_refused(context, text):
    error = context.world.error
    assert error is not None, f"not refused: {context.world.result!r}"
    assert text in str(error), repr(error)


@then("it is refused as {name}")
def step_refused_as(context, name):
    error = context.world.error
    assert type(error).__name__ == name, repr(error)


@then("nothing is refused")
def step_not_refused(context):
    if context.world.error is not None:
        raise context.world.error


@then("the result is {expected}")
def step_result(context, expected):
    if context.world.error is not None:
        raise context.world.error
    actual = context.world.result
    assert str(actual) == expected, repr(actual)


@then("there is no result")
def step_no_result(context):
    assert context.world.error is None, repr(context.world.error)
    assert context.world.result is None, context.world.result


@then("the results are")
def step_results(context):
    if context.world.error is not None:
        raise context.world.error
    actual = [str(item) for item in context.world.result]
    expected = [row[0] for row in context.table]
    assert actual == expected, actual

