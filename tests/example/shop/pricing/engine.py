"""The price of an order: discounts in their order, then shipping, then tax."""

from dataclasses import dataclass, field

from shop import clock
from shop.money import Money
from shop.pricing import shipping
from shop.pricing.rules import Basket, PricedLine, parse_rules
from shop.pricing.tax import TaxPolicy


@dataclass
class Quote:
    """What an order costs, in cents, and why."""

    lines: list
    taxes: list
    shipping: int
    parcels: int
    treatment: str
    notes: list = field(default_factory=list)

    @property
    def net(self):
        return sum(tax.net for tax in self.taxes)

    @property
    def tax(self):
        return sum(tax.tax for tax in self.taxes)

    @property
    def total(self):
        return self.net + self.tax + self.shipping

    def explain(self):
        """The quote as lines of text."""
        for line in self.lines:
            yield f"{line.quantity} x {line.sku} at {Money(line.unit_price)} = {Money(line.amount)}"
            for reason in line.reasons:
                yield f"    {reason}"
        for tax in self.taxes:
            yield f"{tax.rate.normalize():f} % of {Money(tax.net)} = {Money(tax.tax)}"
        if self.shipping:
            yield f"{self.parcels} parcel{'s' * (self.parcels > 1)} = {Money(self.shipping)}"
        yield from self.notes
        yield f"total = {Money(self.total)}"


class PricingEngine:
    """Prices orders by rules and a tax policy; it keeps no state between two of them."""

    def __init__(self, rules=(), policy=None, free_shipping_from=None, hooks=None):
        self.rules = list(rules)
        self.policy = policy or TaxPolicy()
        self.free_shipping_from = free_shipping_from
        self.hooks = hooks

    @classmethod
    def from_settings(cls, settings, hooks=None):
        return cls(
            parse_rules(settings.items("pricing", "rules")),
            TaxPolicy(
                home=settings.text("shop", "country"),
                rounding=settings.text("pricing", "tax_rounding"),
                inclusive=settings.boolean("pricing", "prices_include_tax"),
            ),
            hooks=hooks,
        )

    def price(self, lines, products, customer, coupon=""):
        """A quote for order lines; `products` maps their article numbers to products."""
        priced = [
            PricedLine(
                line.sku,
                products[line.sku].category,
                line.quantity,
                line.unit_price,
                products[line.sku].tax_class,
                products[line.sku].weight,
            )
            for line in lines
        ]
        basket = Basket(priced, customer.country, customer.is_business, coupon, clock.today())
        for rule in self.rules:
            rule.apply(basket)
        notes = []
        if self.hooks is not None:
            self.hooks.emit("pricing", basket=basket, notes=notes)
        cost, parcels = self._shipping(basket)
        taxes = self.policy.split(
            [(line.tax_class, line.amount) for line in priced], customer.country,
            customer.is_business)
        treatment = self.policy.treatment(customer.country, customer.is_business)
        if treatment == "reverse":
            notes.append("the recipient owes the tax")
        return Quote(priced, taxes, cost, len(parcels), treatment, notes)

    def _shipping(self, basket):
        pieces = [
            (line.sku, line.weight)
            for line in basket.lines
            if line.weight
            for _ in range(line.quantity)
        ]
        if not pieces:
            return 0, []
        cost, parcels = shipping.cheapest_packing(pieces, shipping.zone(basket.country))
        if self.free_shipping_from is not None and basket.amount >= self.free_shipping_from:
            cost = 0
        return cost, parcels
