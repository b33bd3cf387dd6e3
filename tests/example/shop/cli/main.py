"""Arguments, and the frame in which every command runs."""

import argparse
import logging
import sys
from pathlib import Path

from shop import __version__, clock, config, log
from shop.cli import commands
from shop.errors import ImportFailed, InvalidValue, QuerySyntaxError, ShopError
from shop.plugins import Hooks, load_all
from shop.storage import Database, Store

LOG = logging.getLogger(__name__)


class Application:
    """What a command gets: settings, the open store, and where to print."""

    def __init__(self, arguments, settings, store, hooks, out):
        self.arguments = arguments
        self.settings = settings
        self.store = store
        self.hooks = hooks
        self.out = out

    def print(self, *values):
        print(*values, file=self.out)


def build_parser():
    parser = argparse.ArgumentParser(prog="shop", description="A small shop.")
    parser.add_argument("--version", action="version", version=f"shop {__version__}")
    parser.add_argument("--database", "-d", default="shop.db", metavar="FILE")
    parser.add_argument("--config", "-c", action="append", default=[], metavar="FILE")
    parser.add_argument("--today", metavar="DAY", help="let it be this day")
    parser.add_argument("--verbose", "-v", action="store_true", help="log more")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in commands.COMMANDS.values():
        sub = subparsers.add_parser(command.name, help=command.help)
        for flags, options in command.arguments:
            sub.add_argument(*flags, **options)
        sub.set_defaults(run=command)
    return parser


def main(argv=None, out=None, err=None):
    """Run one command; returns the exit status."""
    out = out or sys.stdout
    err = err or sys.stderr
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as stop:
        return stop.code
    handler = None
    try:
        settings = config.load(arguments.config)
        level = "debug" if arguments.verbose else settings.text("logging", "level")
        handler = log.configure(level, settings.text("logging", "file"),
                                as_json=settings.text("logging", "file").endswith(".json"))
        day = clock.parse_date(arguments.today) if arguments.today else None
        with clock.frozen(day):
            LOG.info("command %s", arguments.command)
            return run(arguments, settings, out) or 0
    except QuerySyntaxError as error:
        print(f"shop: {error}\n{error.pointer()}", file=err)
        return error.exit_status
    except ImportFailed as error:
        print(f"shop: {error}", file=err)
        for row, message in error.problems:
            print(f"  row {row}: {message}", file=err)
        return error.exit_status
    except ShopError as error:
        LOG.error("%s", error)
        print(f"shop: {error}", file=err)
        return error.exit_status
    except BrokenPipeError:  # pragma: no cover - the reader of our output has gone
        return 141
    finally:
        if handler is not None:
            log.shutdown(handler)


def run(arguments, settings, out):
    command = arguments.run
    hooks = Hooks()
    load_all(settings, hooks)
    if not command.needs_store:
        return command.function(Application(arguments, settings, None, hooks, out))
    with Database.open(arguments.database) as database:
        application = Application(arguments, settings, Store(database), hooks, out)
        return command.function(application)


def write_output(text, path, out):
    """Where a report goes: to a file if one is named, which must not be there yet."""
    if not path:
        out.write(text)
        return
    try:
        with Path(path).open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InvalidValue(f"{Path(path).name} is there already") from None
