"""Amounts of money: whole cents and a currency, never floats."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import total_ordering

from shop.errors import InvalidValue

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
_BY_SYMBOL = {symbol: code for code, symbol in SYMBOLS.items()}
_AMOUNT = re.compile(
    r"""^\s*
    (?P<sign>-)?
    (?P<symbol>[€$£])?\s*
    (?P<number>\d[\d.,' ]*?)
    \s*(?P<code>[A-Z]{3}|[€$£])?
    \s*$""",
    re.VERBOSE,
)


def round_cents(value, mode="half_up"):
    """A Decimal amount of cents as an int, rounded commercially or to even."""
    rounding = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}[mode]
    return int(Decimal(value).quantize(Decimal(1), rounding=rounding))


def _split_number(text):
    """'1.234,50' and '1,234.50' alike as ('1234', '50')."""
    text = text.replace(" ", "").replace("'", "")
    last = max(text.rfind("."), text.rfind(","))
    if last == -1:
        return text, ""
    whole, fraction = text[:last], text[last + 1 :]
    if len(fraction) == 3 and text.count(text[last]) >= 1 and whole:
        # A group of three is a thousand, not a fraction of a cent.
        return (whole + fraction).replace(".", "").replace(",", ""), ""
    return whole.replace(".", "").replace(",", ""), fraction


@total_ordering
@dataclass(frozen=True)
class Money:
    """An amount. Amounts of different currencies can't be added or compared."""

    cents: int
    currency: str = "EUR"

    @classmethod
    def parse(cls, text, currency="EUR"):
        """Read what a person typed: '12.50', '€ 1.234,50', '-3 USD'."""
        found = _AMOUNT.match(text)
        if not found:
            raise InvalidValue(f"not an amount: {text!r}")
        whole, fraction = _split_number(found["number"])
        if len(fraction) > 2:
            raise InvalidValue(f"more than two decimals: {text!r}")
        unit = found["symbol"] or found["code"]
        if unit:
            currency = _BY_SYMBOL.get(unit, unit)
        cents = int(whole or 0) * 100 + int(fraction.ljust(2, "0") or 0)
        return cls(-cents if found["sign"] else cents, currency)

    @classmethod
    def zero(cls, currency="EUR"):
        return cls(0, currency)

    def _same(self, other):
        if not isinstance(other, Money):
            raise TypeError(f"not an amount: {other!r}")
        if other.currency != self.currency:
            raise InvalidValue(f"{self.currency} and {other.currency} don't mix")
        return other.cents

    def __add__(self, other):
        return Money(self.cents + self._same(other), self.currency)

    def __radd__(self, other):
        if other == 0:  # the start value of sum()
            return self
        return NotImplemented

    def __sub__(self, other):
        return Money(self.cents - self._same(other), self.currency)

    def __mul__(self, factor):
        return Money(round_cents(Decimal(self.cents) * Decimal(str(factor))), self.currency)

    __rmul__ = __mul__

    def __neg__(self):
        return Money(-self.cents, self.currency)

    def __bool__(self):
        return self.cents != 0

    def __lt__(self, other):
        return self.cents < self._same(other)

    def percent(self, rate, mode="half_up"):
        """`rate` per cent of the amount."""
        try:
            share = Decimal(self.cents) * Decimal(str(rate)) / 100
        except InvalidOperation:
            raise InvalidValue(f"not a rate: {rate!r}") from None
        return Money(round_cents(share, mode), self.currency)

    def allocate(self, weights):
        """Split by weights; the parts always add up to the whole."""
        weights = list(weights)
        total = sum(weights)
        if total <= 0:
            raise InvalidValue("weights must add up to more than nothing")
        parts = [self.cents * weight // total for weight in weights]
        missing = self.cents - sum(parts)
        # The largest remainders get the odd cents, the first ones among equals.
        order = sorted(
            range(len(weights)),
            key=lambda i: (-((self.cents * weights[i]) % total), i),
        )
        for i in order[:missing]:
            parts[i] += 1
        return [Money(part, self.currency) for part in parts]

    def format(self, style="plain"):
        sign = "-" if self.cents < 0 else ""
        whole, fraction = divmod(abs(self.cents), 100)
        match style:
            case "plain":
                return f"{sign}{whole}.{fraction:02d}"
            case "code":
                return f"{sign}{whole}.{fraction:02d} {self.currency}"
            case "en":
                return f"{sign}{SYMBOLS.get(self.currency, self.currency)}{whole:,}.{fraction:02d}"
            case "de":
                grouped = f"{whole:,}".replace(",", ".")
                return f"{sign}{grouped},{fraction:02d} {SYMBOLS.get(self.currency, self.currency)}"
            case _:
                raise InvalidValue(f"no such style: {style}")

    def __str__(self):
        return self.format("plain")
