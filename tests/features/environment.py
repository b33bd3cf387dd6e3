"""Gives each scenario a sandbox of its own and takes it away afterwards."""

from sandbox import Sandbox


def before_scenario(context, scenario):
    context.sandbox = Sandbox()
    context.add_cleanup(context.sandbox.close)
