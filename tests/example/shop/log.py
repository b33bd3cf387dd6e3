"""Logging: one logger tree below 'shop', as text or as JSON lines."""

import functools
import json
import logging
from contextlib import contextmanager

from shop.errors import ConfigError

LEVELS = {name: getattr(logging, name.upper()) for name in ("debug", "info", "warning", "error")}


class JsonFormatter(logging.Formatter):
    """One JSON object a line, without the time: the collector of the logs adds its own."""

    def format(self, record):
        entry = {"level": record.levelname.lower(), "logger": record.name,
                 "message": record.getMessage()}
        if record.exc_info:
            entry["error"] = repr(record.exc_info[1])
        entry.update(getattr(record, "details", {}))
        return json.dumps(entry, sort_keys=True)


def configure(level="warning", path="", as_json=False):
    """Send the shop's log to `path`, or nowhere. Returns the handler, for `shutdown`."""
    if level not in LEVELS:
        raise ConfigError(f"no such log level: {level}")
    root = logging.getLogger("shop")
    root.setLevel(LEVELS[level])
    root.propagate = False
    handler = logging.FileHandler(path, encoding="utf-8") if path else logging.NullHandler()
    if as_json:
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    return handler


def shutdown(handler):
    logging.getLogger("shop").removeHandler(handler)
    handler.close()


def logged(function=None, *, level=logging.DEBUG):
    """Log calls and failures of a function. Usable with and without arguments."""
    if function is None:
        return functools.partial(logged, level=level)
    logger = logging.getLogger(function.__module__)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        logger.log(level, "%s called", function.__qualname__)
        try:
            return function(*args, **kwargs)
        except Exception:
            logger.error("%s failed", function.__qualname__, exc_info=True)
            raise

    return wrapper


class _Collector(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


@contextmanager
def collected(level="debug"):
    """The records that the shop logs inside the block, as a list."""
    root = logging.getLogger("shop")
    handler, before = _Collector(), root.level
    root.addHandler(handler)
    root.setLevel(LEVELS[level])
    try:
        yield handler.records
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
