"""Discount rules, and the one-line notation in which a configuration names them.

    volume 10 5%                from 10 pieces of a product 5 % off
    category paint 12.5%        off everything in a category
    bundle 3 for 2 hardware     of every 3 pieces in a category the cheapest is free
    spend 100.00 less 10.00     off the order
    coupon SPRING 15% until 2024-05-31
    customer AT 3%              off for a country, or for 'business' customers
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Callable, Optional

from shop import clock
from shop.errors import ConfigError, InvalidValue
from shop.money import Money

RULES: dict[str, Callable] = {}


def rule(name):
    """Register a class as the rule that a notation's first word stands for."""

    def register(cls):
        RULES[name] = cls
        cls.rule_name = name
        return cls

    return register


@dataclass
class PricedLine:
    """A line of an order while its price is worked out."""

    sku: str
    category: str
    quantity: int
    unit_price: int
    tax_class: str = "standard"
    weight: int = 0
    discount: int = 0
    reasons: list = field(default_factory=list)

    @property
    def gross(self):
        return self.quantity * self.unit_price

    @property
    def amount(self):
        return self.gross - self.discount

    def take_off(self, cents, reason):
        """Lower the amount, never below nothing. Returns what was taken off."""
        cents = max(0, min(cents, self.amount))
        if cents:
            self.discount += cents
            self.reasons.append(f"{reason}: -{Money(cents)}")
        return cents


@dataclass
class Basket:
    """What a rule sees."""

    lines: list
    country: str = "DE"
    business: bool = False
    coupon: str = ""
    day: Optional[date] = None

    @property
    def amount(self):
        return sum(line.amount for line in self.lines)


def _rate(text):
    if not text.endswith("%"):
        raise InvalidValue(f"not a rate: {text!r}")
    try:
        rate = Decimal(text[:-1])
    except InvalidOperation:
        raise InvalidValue(f"not a rate: {text!r}") from None
    if not 0 < rate <= 100:
        raise InvalidValue(f"not between 0 and 100 %: {text}")
    return rate


@rule("volume")
@dataclass
class Volume:
    least: int
    rate: Decimal

    @classmethod
    def parse(cls, words):
        match words:
            case [least, rate] if least.isdigit():
                return cls(int(least), _rate(rate))
            case _:
                raise InvalidValue("volume: PIECES RATE%")

    def apply(self, basket):
        for line in basket.lines:
            if line.quantity >= self.least:
                line.take_off(Money(line.amount).percent(self.rate).cents,
                              f"volume from {self.least}")


@rule("category")
@dataclass
class Category:
    category: str
    rate: Decimal

    @classmethod
    def parse(cls, words):
        if len(words) != 2:
            raise InvalidValue("category: NAME RATE%")
        return cls(words[0], _rate(words[1]))

    def apply(self, basket):
        for line in basket.lines:
            if line.category == self.category:
                line.take_off(Money(line.amount).percent(self.rate).cents, self.category)


@rule("bundle")
@dataclass
class Bundle:
    take: int
    pay: int
    category: str

    @classmethod
    def parse(cls, words):
        match words:
            case [take, "for", pay, category] if take.isdigit() and pay.isdigit():
                if not 0 < int(pay) < int(take):
                    raise InvalidValue(f"bundle: {take} for {pay} is no offer")
                return cls(int(take), int(pay), category)
            case _:
                raise InvalidValue("bundle: N for M CATEGORY")

    def apply(self, basket):
        pieces = [
            (line.unit_price, index)
            for index, line in enumerate(basket.lines)
            if line.category == self.category
            for _ in range(line.quantity)
        ]
        pieces.sort(reverse=True)
        free = {}
        for start in range(0, len(pieces) - self.take + 1, self.take):
            for _, index in pieces[start + self.pay : start + self.take]:
                free[index] = free.get(index, 0) + 1
        for index, count in sorted(free.items()):
            line = basket.lines[index]
            line.take_off(count * line.unit_price, f"{self.take} for {self.pay}")


@rule("spend")
@dataclass
class Spend:
    least: int
    less: int

    @classmethod
    def parse(cls, words):
        match words:
            case [least, "less", less]:
                return cls(Money.parse(least).cents, Money.parse(less).cents)
            case _:
                raise InvalidValue("spend: AMOUNT less AMOUNT")

    def apply(self, basket):
        if basket.amount < self.least or not basket.amount:
            return
        shares = Money(self.less).allocate([line.amount for line in basket.lines])
        for line, share in zip(basket.lines, shares):
            line.take_off(share.cents, f"from {Money(self.least)}")


@rule("coupon")
@dataclass
class Coupon:
    code: str
    rate: Decimal
    until: Optional[date] = None

    @classmethod
    def parse(cls, words):
        match words:
            case [code, rate]:
                return cls(code.upper(), _rate(rate))
            case [code, rate, "until", day]:
                return cls(code.upper(), _rate(rate), clock.parse_date(day))
            case _:
                raise InvalidValue("coupon: CODE RATE% [until DAY]")

    def apply(self, basket):
        if basket.coupon.upper() != self.code:
            return
        if self.until is not None and (basket.day or clock.today()) > self.until:
            return
        for line in basket.lines:
            line.take_off(Money(line.amount).percent(self.rate).cents, f"coupon {self.code}")


@rule("customer")
@dataclass
class CustomerGroup:
    group: str
    rate: Decimal

    @classmethod
    def parse(cls, words):
        if len(words) != 2:
            raise InvalidValue("customer: COUNTRY|business RATE%")
        return cls(words[0], _rate(words[1]))

    def apply(self, basket):
        belongs = basket.business if self.group == "business" else basket.country == self.group
        if belongs:
            for line in basket.lines:
                line.take_off(Money(line.amount).percent(self.rate).cents, self.group)


def parse_rule(text):
    """One rule from its notation."""
    name, *words = text.split()
    if name not in RULES:
        raise ConfigError(f"no such pricing rule: {name}")
    try:
        return RULES[name].parse(words)
    except InvalidValue as error:
        raise ConfigError(f"pricing rule {text!r}: {error}") from error


def parse_rules(lines):
    return [parse_rule(line) for line in lines]
