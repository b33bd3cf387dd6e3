"""Value added tax: rates, who owes it, and how it is rounded."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from shop.errors import InvalidValue
from shop.money import Money, round_cents

RATES = {
    "DE": {"standard": Decimal("19"), "reduced": Decimal("7"), "zero": Decimal("0")},
    "AT": {"standard": Decimal("20"), "reduced": Decimal("10"), "zero": Decimal("0")},
    "FR": {"standard": Decimal("20"), "reduced": Decimal("5.5"), "zero": Decimal("0")},
}
UNION = frozenset(RATES) | {"BE", "IT", "NL", "PL"}


@dataclass(frozen=True)
class TaxLine:
    """The tax of one rate."""

    rate: Decimal
    net: int
    tax: int


class TaxPolicy:
    """How a shop in `home` taxes what it sells."""

    def __init__(self, home="DE", rounding="line", inclusive=False):
        if home not in RATES:
            raise InvalidValue(f"no tax rates for {home}")
        if rounding not in ("line", "total"):
            raise InvalidValue(f"tax is rounded by line or total, not by {rounding}")
        self.home = home
        self.rounding = rounding
        self.inclusive = inclusive

    def treatment(self, country, business):
        """'domestic', 'oss' (the customer's rates), 'reverse' (he owes it) or 'export'."""
        if country == self.home:
            return "domestic"
        if country not in UNION:
            return "export"
        return "reverse" if business else "oss"

    def rate(self, tax_class, country, business=False):
        match self.treatment(country, business):
            case "domestic":
                rates = RATES[self.home]
            case "oss":
                rates = RATES.get(country, RATES[self.home])
            case _:
                return Decimal(0)
        if tax_class not in rates:
            raise InvalidValue(f"no such tax class: {tax_class}")
        return rates[tax_class]

    def split(self, amounts, country, business=False):
        """Net and tax by rate. `amounts` are (tax class, cents) pairs as the shop shows them."""
        groups = defaultdict(list)
        for tax_class, cents in amounts:
            groups[self.rate(tax_class, country, business)].append(cents)
        result = []
        for rate, values in sorted(groups.items(), reverse=True):
            if self.rounding == "line":
                tax = sum(self._tax(value, rate) for value in values)
            else:
                tax = self._tax(sum(values), rate)
            total = sum(values)
            result.append(TaxLine(rate, total - tax if self.inclusive else total, tax))
        return result

    def _tax(self, cents, rate):
        if self.inclusive:
            return round_cents(cents * rate / (100 + rate))
        return Money(cents).percent(rate).cents
