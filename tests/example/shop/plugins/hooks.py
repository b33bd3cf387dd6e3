"""Events, and the functions that want to hear of them."""

import logging
from collections import defaultdict

from shop.errors import PluginError, ShopError

LOG = logging.getLogger(__name__)
EVENTS = ("pricing", "order_placed", "order_packed", "order_shipped", "order_closed",
          "order_cancelled", "order_returned")


class Hooks:
    """Functions by event. A plugin's own mistake must not stop an order; a ShopError may."""

    def __init__(self):
        self._functions = defaultdict(list)
        self.errors = []

    def on(self, event, priority=0):
        """A decorator that subscribes a function; higher priorities come first."""
        if event not in EVENTS:
            raise PluginError(f"no such event: {event}")

        def subscribe(function):
            self._functions[event].append((priority, function))
            self._functions[event].sort(key=lambda entry: -entry[0])
            return function

        return subscribe

    def emit(self, event, **arguments):
        """Tell everybody; returns how many have heard of it."""
        heard = 0
        for _, function in self._functions[event]:
            try:
                function(**arguments)
                heard += 1
            except ShopError:
                raise
            except Exception as error:
                LOG.error("%s: %s", event, error, exc_info=True)
                self.errors.append((event, error))
        return heard

    def counts(self):
        return {event: len(functions) for event, functions in sorted(self._functions.items())}
