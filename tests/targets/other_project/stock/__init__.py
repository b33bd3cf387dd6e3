"""A stock of goods: quantities, a store, a report, a command line."""

from stock.store import Store, StoreError
from stock.units import Quantity, parse

__all__ = ["Quantity", "Store", "StoreError", "parse"]
