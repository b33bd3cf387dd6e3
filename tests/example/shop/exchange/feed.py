"""A feed of prices for partner shops: what has changed since the one before.

A line is one JSON object: {"sku": …, "price": cents, "change": "new" | "price" | "gone"}.
"""

import json
from pathlib import Path

from shop.errors import InvalidValue
from shop.money import Money


def read_state(path):
    """The prices of the feed before, {sku: cents}; none when there was no such feed."""
    path = Path(path)
    if not path.exists():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise InvalidValue(f"{path.name} is no state of a feed") from None


def changes(before, now):
    """What a partner has to know, in the order of the SKUs."""
    for sku in sorted({*before, *now}):
        if sku not in now:
            yield {"sku": sku, "price": before[sku], "change": "gone"}
        elif sku not in before:
            yield {"sku": sku, "price": now[sku], "change": "new"}
        elif before[sku] != now[sku]:
            yield {"sku": sku, "price": now[sku], "change": "price"}


def write_feed(store, path, state_path):
    """Write the feed and the state that the next one starts from; returns the changes."""
    before = read_state(state_path)
    now = {product.sku: product.price for product in store.products if not product.retired}
    found = list(changes(before, now))
    with open(path, "w", encoding="utf-8") as stream:
        for change in found:
            stream.write(json.dumps(change) + "\n")
    Path(state_path).write_text(json.dumps(now, sort_keys=True), encoding="utf-8")
    return found


def describe(change):
    """One line for people."""
    price = Money(change["price"])
    match change["change"]:
        case "new":
            return f"{change['sku']}: new at {price}"
        case "gone":
            return f"{change['sku']}: no longer sold (was {price})"
        case _:
            return f"{change['sku']}: now {price}"
