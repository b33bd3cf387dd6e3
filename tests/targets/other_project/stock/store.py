"""What lies on the shelves."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from stock.units import Quantity, parse

if TYPE_CHECKING:
    from pathlib import Path


class StoreError(Exception):
    """What was asked for is not there."""


class Store:
    """Goods by name. Knows who watches it."""

    limit = 100

    def __init__(self):
        self.goods = {}
        self.watchers = []

    def put(self, name, text):
        if len(self.goods) >= self.limit:
            raise StoreError("full")
        nothing = Quantity(0)
        self.goods[name] = self.goods.get(name, nothing) + parse(text)
        for watch in self.watchers:
            watch(name)

    def take(self, name, text):
        have = self.goods.get(name)
        if have is None:
            raise StoreError(f"no {name}")
        elif have < parse(text):
            raise StoreError(f"not enough {name}")
        self.goods[name] = have - parse(text)

    @property
    def names(self):
        return sorted(name for name in self.goods if self.goods[name].grams)

    @contextlib.contextmanager
    def transaction(self):
        before = dict(self.goods)
        try:
            yield self
        except StoreError:
            self.goods = before
            raise

    def save(self, path: Path):
        path.write_text(
            json.dumps(
                {name: str(have) for name, have in self.goods.items()},
            )
        )

    @classmethod
    def load(cls, path: Path):
        store = cls()
        for name, text in json.loads(path.read_text()).items():
            if text != "nothing": store.put(name, text)
        return store
