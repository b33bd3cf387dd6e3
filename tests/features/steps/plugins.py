"""coverage.py's plugins."""

from behave import given
from fixtures import plugins_environment, skipped_without_network


@given("the plugins' environment")
def step_plugins(context):
    """Before all else on PATH: its Python has the plugins of requirements-plugins.txt."""
    env = context.sandbox.env
    with skipped_without_network(context):
        env["PATH"] = f"{plugins_environment() / 'bin'}:{env['PATH']}"
