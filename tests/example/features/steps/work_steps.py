"""Recurrences, cron, the scheduler, plugins, the spool, notifications."""

import os
import signal
import sys
from datetime import datetime, timedelta

from behave import given, then, when
from support import time_lapse

from shop import clock, config
from shop.plugins import load_all, load_file, load_module
from shop.schedule.cron import Cron
from shop.schedule.jobs import Scheduler, parse_moment
from shop.schedule.recurrence import Recurrence
from shop.work.notify import Memory, Notifier, send_reminders
from shop.work.spool import Spool, work


@when('I take {count:d} days of "{rule}" from {start}')
def step_days(context, count, rule, start):
    context.world.attempt(lambda: " ".join(
        str(day) for day in Recurrence.parse(rule).take(clock.parse_date(start), count)) or "none")


@when('I read the recurrence "{rule}"')
def step_read_recurrence(context, rule):
    context.world.attempt(Recurrence.parse, rule)


@when('I ask for the day after {day} in "{rule}" from {start}')
def step_next_day(context, day, rule, start):
    context.world.attempt(
        Recurrence.parse(rule).next_after, clock.parse_date(start), clock.parse_date(day))


@when('I go through {count:d} days of "{rule}" from {start}')
def step_many_days(context, count, rule, start):
    days = Recurrence.parse(rule).take(clock.parse_date(start), count)
    assert days == sorted(set(days)), "not in order"
    context.world.result = days[-1]


@when('I ask for the time after {moment} in "{expression}"')
def step_cron_next(context, moment, expression):
    context.world.attempt(lambda: Cron(expression).next(parse_moment(moment)))


@when('I count the times of "{expression}" in {year:d}')
def step_cron_count(context, expression, year):
    start = datetime(year, 1, 1) - timedelta(minutes=1)
    end = datetime(year, 12, 31, 23, 59)
    context.world.attempt(lambda: sum(1 for _ in Cron(expression).between(start, end)))


@given("a scheduler at {moment}")
def step_scheduler(context, moment):
    context.scheduler = Scheduler(parse_moment(moment))
    context.calls = []


def make_job(context, name, fails=0):
    """A job that fails the first `fails` times."""
    left = [fails]

    def action(now):
        context.calls.append((now, name))
        if left[0]:
            left[0] -= 1
            raise RuntimeError(f"{name} does not work")

    return action


@given('a job {name} at "{cron}"')
@when('a job {name} is added at "{cron}"')
def step_job(context, name, cron):
    context.world.attempt(context.scheduler.add, name, make_job(context, name), cron)


@given('a job {name} at "{cron}" that fails {fails:d} times, with {retries:d} retries')
def step_failing_job(context, name, cron, fails, retries):
    context.scheduler.add(name, make_job(context, name, fails), cron, retries)


@given("a job {name} after {others}")
def step_following_job(context, name, others):
    context.scheduler.job(name, after=others.split(" and "))(make_job(context, name))


@given('a job {name} at "{cron}" that returns {result}')
def step_result_job(context, name, cron, result):
    context.scheduler.job(name, cron)(lambda now: result)


@when("the job {name} is removed")
def step_remove_job(context, name):
    context.scheduler.remove(name)


@when("the scheduler runs until {moment}")
def step_run_until(context, moment):
    context.log = context.scheduler.run_until(parse_moment(moment))
    context.world.result = context.log


@then("what ran is")
def step_what_ran(context):
    actual = [f"{when:%m-%d %H:%M} {name} {result}" for when, name, result in context.log]
    expected = [row["entry"] for row in context.table]
    assert actual == expected, actual


@then("{count:d} jobs ran")
def step_ran_count(context, count):
    assert len(context.log) == count, len(context.log)


@then("{name} ran {runs:d} times and failed {failures:d} times")
def step_job_counts(context, name, runs, failures):
    job = context.scheduler.jobs[name]
    assert (len(job.runs), len(job.failures)) == (runs, failures), job


@when("I ask for the order of the jobs")
def step_job_order(context):
    context.world.attempt(lambda: " ".join(context.scheduler.order()))


# Plugins


@given("the plugin {name}")
@when("I load the plugin {name}")
def step_load_plugin(context, name):
    name, comma, _ = name.partition(", the folder being in the path")
    folder = str(context.world.folder)
    if comma:
        sys.path.insert(0, folder)
    try:
        context.world.attempt(load_module, name, context.world.hooks)
    finally:
        if comma:
            sys.path.remove(folder)


@when('I load the file "{name}" as a plugin')
def step_load_plugin_file(context, name):
    context.world.attempt(load_file, context.world.folder / name, context.world.hooks)


@when('I load the plugins of "{name}"')
def step_load_plugins(context, name):
    settings = config.load([context.world.folder / name], {})
    context.world.attempt(lambda: ", ".join(load_all(settings, context.world.hooks)))


@then("the hooks are {expected}")
def step_hooks(context, expected):
    actual = ", ".join(f"{event} {n}" for event, n in context.world.hooks.counts().items())
    assert actual == (expected if expected != "none" else ""), actual


@then("{count:d} plugin errors were kept")
def step_hook_errors(context, count):
    assert len(context.world.hooks.errors) == count, context.world.hooks.errors


@when('I listen to the event "{event}"')
def step_listen(context, event):
    context.world.attempt(lambda: context.world.hooks.on(event)(print))


@then('the note of order {name} is "{note}"')
def step_order_note(context, name, note):
    order = context.world.store.orders.get(context.world.orders_made[name])
    assert order.note == note, order.note


# The spool


@given("a spool")
def step_spool(context):
    context.spool = Spool(context.world.folder / "spool")


@given("a job {name} of kind {kind} with {arguments} in the spool")
@when("a job {name} of kind {kind} with {arguments} is put into the spool")
def step_submit(context, name, kind, arguments):
    import json

    context.world.attempt(context.spool.submit, name, kind, **json.loads(arguments))


@when("the spool is worked on")
def step_work(context):
    context.parent = os.getpid()
    context.world.attempt(work, context.spool)
    assert os.getpid() == context.parent


@when("{limit:d} jobs of the spool are worked on")
def step_work_limit(context, limit):
    context.world.attempt(work, context.spool, limit)


@when("{count:d} workers work on the spool at once")
def step_workers(context, count):
    pids = []
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                status = len(work(context.spool))
            finally:
                os._exit(status)
        pids.append(pid)
    context.world.result = sum(
        os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids)


@when("a worker is killed after it has claimed a job")
def step_killed_worker(context):
    pid = os.fork()
    if pid == 0:
        context.spool.claim()
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL


@when("the spool is put in order")
def step_recover(context):
    context.world.attempt(lambda: " ".join(context.spool.recover()) or "none")


@then("the outcomes are")
def step_outcomes(context):
    if context.world.error is not None:
        raise context.world.error
    actual = [(o.name, o.state, o.detail) for o in context.world.result]
    expected = [(row["job"], row["state"], row["detail"]) for row in context.table]
    assert actual == expected, actual


@then("{names} are still to be done")
def step_pending(context, names):
    assert " ".join(context.spool.pending()) == names.replace("none", ""), context.spool.pending()


@when("I ask for the result of {name}")
def step_spool_result(context, name):
    context.world.attempt(lambda: ": ".join(context.spool.result(name)))


# Notifications


def addresses(context):
    return {key: value for key, value in (
        (row["option"], row["value"].split(", ")) for row in context.table or [])}


@given("a transport with")
def step_transport(context):
    context.transport = Memory(**addresses(context))


@given("a transport")
def step_plain_transport(context):
    context.transport = Memory()


@when("{count:d} messages are sent, {at_once:d} at once")
def step_send(context, count, at_once):
    async def run():
        messages = [(f"a{n}@x.example", f"text {n}") for n in range(count)]
        return await Notifier(context.transport, at_once=at_once).send_all(messages)

    context.report = time_lapse.run(run())


@when("the reminders are sent")
def step_send_reminders(context):
    context.report = send_reminders(
        context.world.store, context.transport, at_once=2, timeout=None)


@then("{sent:d} are sent and {failed:d} fail after {attempts:d} attempts")
def step_sent(context, sent, failed, attempts):
    report = context.report
    actual = (len(report.sent), len(report.failed), report.attempts)
    assert actual == (sent, failed, attempts), report


@then("never more than {limit:d} at once")
def step_at_once(context, limit):
    assert 0 < context.report.most_at_once <= limit, context.report.most_at_once


@then('{address} failed: "{text}"')
def step_failed_address(context, address, text):
    assert text in context.report.failed[address], context.report.failed


@then('a message to {address} says "{text}"')
def step_message(context, address, text):
    assert any(to == address and text in body for to, body in context.transport.messages)
