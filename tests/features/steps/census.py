"""Machines that can't do what a scenario is about."""

from behave import given


@given("`{command}` works here")
def step_works(context, command):
    run = context.sandbox.run(command)
    if run.status != 0:
        print(f"SKIPPED: `{command}` does not work here: {run.err.strip()}")
        context.scenario.skip(f"`{command}` does not work here")
