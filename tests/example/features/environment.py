"""Hooks: a folder, a database and a day of its own for every scenario."""

from support.template import forget_template, template_path
from support.world import World

from shop import clock


def before_all(context):
    template_path()


def after_all(context):
    forget_template()


def before_scenario(context, scenario):
    context.world = World()
    frozen = clock.frozen("2024-03-15")
    frozen.__enter__()
    context.add_cleanup(frozen.__exit__, None, None, None)
    context.add_cleanup(context.world.close)
