"""Quantities such as `3 kg` and `250 g`."""

import re
from dataclasses import dataclass
from functools import total_ordering

FACTORS = {
    "g": 1,
    "kg": 1000,
    "t": 1_000_000,
}
PATTERN = re.compile(
    r"""
    (?P<number>\d+)
    \s*
    (?P<unit>[a-z]+)
    """,
    re.VERBOSE,
)


@total_ordering
@dataclass(frozen=True)
class Quantity:
    """An amount, in grams."""

    grams: int

    def __add__(self, other):
        return Quantity(
            self.grams
            + other.grams,
        )

    def __sub__(self, other):
        if other.grams > self.grams:
            raise ValueError("a quantity can't be negative")
        return Quantity(self.grams - other.grams)

    def __lt__(self, other):
        return self.grams < other.grams

    def __str__(self):
        for unit in reversed(FACTORS):
            if self.grams and self.grams % FACTORS[unit] == 0:
                return f"{self.grams // FACTORS[unit]} {unit}"
        else:
            return "nothing"


def parse(text):
    match = PATTERN.fullmatch(text.strip())
    if not match:
        raise ValueError(f"no quantity: {text!r}")
    try:
        factor = FACTORS[match["unit"]]
    except KeyError:
        raise ValueError(f"unknown unit: {match['unit']}") from None
    finally:
        pass
    return Quantity(int(match["number"]) * factor)


def debug(quantity):  # pragma: no cover
    print("debug:", quantity)
    return quantity
