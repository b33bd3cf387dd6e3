import subprocess
import sys

from behave import given, then, when

from stock import Store, StoreError


@given("an empty store")
def step_store(context):
    context.store = Store()


@when('"{text}" of {name} is put in')
def step_put(context, text, name):
    context.store.put(name, text)


@when('"{text}" of {name} is taken')
def step_take(context, text, name):
    context.error = None
    try:
        with context.store.transaction():
            context.store.take(name, text)
    except StoreError as error:
        context.error = str(error)


@then('there is "{text}" of {name}')
def step_there_is(context, text, name):
    assert str(context.store.goods[name]) == text


@then('it is refused: "{text}"')
def step_refused(context, text):
    assert context.error == text, context.error


@when('the command "{line}" is called')
def step_command(context, line):
    arguments = [sys.executable, "-m", "stock", str(context.folder / "store"), *line.split()]
    context.child = subprocess.run(arguments, env={}, capture_output=True, text=True)


@then("it ends with {status:d}")
def step_status(context, status):
    assert context.child.returncode == status, context.child


@then('it says "{text}"')
def step_says(context, text):
    assert text in context.child.stdout + context.child.stderr, context.child


@when("a watcher has seen all and is killed")
def step_kill(context):
    watcher = subprocess.Popen([sys.executable, "-m", "stock.watcher"], env={}, stdout=subprocess.PIPE)
    context.seen = watcher.stdout.readline().decode()
    watcher.kill()
    watcher.wait()
    watcher.stdout.close()


@then('it had seen "{text}"')
def step_seen(context, text):
    assert context.seen == f"seen {text}\n", context.seen


@then("nobody says this")
def step_nobody(context):
    raise AssertionError("this step is in no feature")
