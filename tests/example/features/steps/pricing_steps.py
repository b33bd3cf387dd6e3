"""Rules, tax, shipping, quotes, and pricing in bulk."""

import os

from behave import given, then, when

from shop.domain.models import Customer, Line, Product
from shop.errors import InvalidValue
from shop.money import Money
from shop.pricing import shipping
from shop.pricing.engine import PricingEngine
from shop.pricing.rules import RULES, Basket, parse_rule, parse_rules
from shop.pricing.tax import RATES, TaxPolicy
from shop.work.parallel import Totals, make_orders, make_products, price_many, price_range

CLASSES = {"books": "reduced"}


def totals_text(totals):
    return f"{totals.orders} orders, net {Money(totals.net)}, discount {Money(totals.discount)}"


@given("the rule {text}")
def step_rule(context, text):
    context.world.rules.append(parse_rule(text))


@when('I read the rule "{text}"')
def step_read_rule(context, text):
    context.world.attempt(parse_rule, text)


@then("the known rules are {names}")
def step_known_rules(context, names):
    assert ", ".join(sorted(RULES)) == names, sorted(RULES)


@given("a basket from {country} with")
@given("a basket of a {kind} customer from {country} with")
def step_basket(context, country, kind="private"):
    """A table of category, quantity, price and perhaps weight."""
    vat_id = "X" if kind == "business" else ""
    context.customer = Customer("C-X", "X", country, vat_id, id=1)
    context.products, context.lines, context.coupon = {}, [], ""
    for number, row in enumerate(context.table, start=1):
        sku = f"{row['category'].upper()}-{number}"
        price = Money.parse(row["price"]).cents
        weight = int(row["weight"]) if "weight" in context.table.headings else 0
        context.products[sku] = Product(
            sku, sku, row["category"], price, weight, CLASSES.get(row["category"], "standard"))
        context.lines.append(Line(1, sku, int(row["quantity"]), price))


@given('the coupon "{code}"')
def step_coupon(context, code):
    context.coupon = code


@given("tax rounded by {rounding}, prices {kind} tax, shop in {home}")
def step_policy(context, rounding, kind, home):
    context.policy = TaxPolicy(home, rounding, inclusive=kind == "with")


@given("free shipping from {amount}")
def step_free_shipping(context, amount):
    context.free_from = Money.parse(amount).cents


@when("the basket is priced")
def step_price(context):
    engine = PricingEngine(
        context.world.rules, getattr(context, "policy", None),
        getattr(context, "free_from", None), context.world.hooks)
    context.quote = context.world.attempt(
        engine.price, context.lines, context.products, context.customer, context.coupon)


@then("the discounts are {expected}")
def step_discounts(context, expected):
    if context.world.error is not None:
        raise context.world.error
    actual = ", ".join(str(Money(line.discount)) for line in context.quote.lines)
    assert actual == expected, actual


@then("the price is {net} net, {tax} tax, {total} in all")
def step_price_is(context, net, tax, total):
    quote = context.quote
    actual = tuple(str(Money(v)) for v in (quote.net, quote.tax, quote.total))
    assert actual == (net, tax, total), actual


@then("shipping costs {amount} in {count:d} parcels")
def step_shipping_costs(context, amount, count):
    actual = (str(Money(context.quote.shipping)), context.quote.parcels)
    assert actual == (amount, count), actual


@then("the explanation is")
def step_explanation(context):
    actual = "\n".join(context.quote.explain())
    assert actual == context.text.strip(), actual


@then("the treatment is {treatment}")
def step_treatment(context, treatment):
    assert context.quote.treatment == treatment, context.quote.treatment


@when("I ask for the {tax_class} rate for a {kind} customer in {country}")
def step_rate(context, tax_class, kind, country):
    policy = getattr(context, "policy", None) or TaxPolicy()
    context.world.attempt(policy.rate, tax_class, country, kind == "business")


@when("I make a tax policy for {home}, rounded by {rounding}")
def step_make_policy(context, home, rounding):
    context.world.attempt(TaxPolicy, home, rounding)


@when("I split the tax of every amount up to {limit:d} in {country}")
def step_every_tax(context, limit, country):
    """Inclusive or not, net and tax add up."""
    rate = RATES[country]["standard"]
    added, taken = TaxPolicy(country), TaxPolicy(country, inclusive=True)
    for amount in range(limit):
        (outside,) = added.split([("standard", amount)], country)
        (inside,) = taken.split([("standard", amount + outside.tax)], country)
        assert inside.net + inside.tax == amount + outside.tax
        assert abs(inside.net - amount) <= 1, (amount, rate, inside)
    context.world.result = limit


@when("I pack pieces of {weights} grams into parcels of {limit:d}")
def step_pack(context, weights, limit):
    pieces = [(f"P{n}", int(w)) for n, w in enumerate(weights.split(", "))]
    context.world.attempt(
        lambda: ", ".join(str(p.weight) for p in shipping.pack(pieces, limit)))


@when("I send pieces of {weights} grams to {country}")
def step_send(context, weights, country):
    pieces = [(f"P{n}", int(w)) for n, w in enumerate(weights.split(", "))]

    def send():
        price, parcels = shipping.cheapest_packing(pieces, shipping.zone(country))
        return f"{Money(price)} in {len(parcels)}"

    context.world.attempt(send)


@when("I ask for the price of a parcel of {weight:d} grams")
def step_parcel(context, weight):
    context.world.attempt(shipping.parcel_price, weight, 1)


@when("I pack {count:d} sets of {size:d} random pieces")
def step_pack_many(context, count, size):
    """Nothing is lost and no parcel is too heavy."""
    import random

    rng = random.Random(count * size)
    parcels_made = 0
    for _ in range(count):
        pieces = [(f"P{n}", rng.randrange(50, 9000)) for n in range(size)]
        price, parcels = shipping.cheapest_packing(pieces, 1)
        packed = sorted(sku for parcel in parcels for sku in parcel.items)
        assert packed == sorted(sku for sku, _ in pieces)
        assert all(parcel.weight <= shipping.MAXIMUM for parcel in parcels)
        assert price == sum(shipping.parcel_price(p.weight, 1) for p in parcels)
        parcels_made += len(parcels)
    context.world.result = parcels_made


@given("these rules")
def step_rules(context):
    context.rule_texts = [row["rule"] for row in context.table]


def rule_texts(context):
    return getattr(context, "rule_texts", [])


@when("{orders:d} orders over {products:d} products with seed {seed:d} are priced")
def step_bulk(context, orders, products, seed):
    context.bulk = (orders, products, seed)
    context.world.attempt(price_many, rule_texts(context), products, orders, seed)


@when("{orders:d} orders over {products:d} products with seed {seed:d} are priced by {n:d} workers")
def step_bulk_workers(context, orders, products, seed, n):
    context.bulk = (orders, products, seed)
    context.world.attempt(price_many, rule_texts(context), products, orders, seed, n)


@then("the totals are: {expected}")
def step_totals(context, expected):
    if context.world.error is not None:
        raise context.world.error
    actual = totals_text(context.world.result)
    assert actual == expected, actual


@then("one process alone comes to the same")
def step_same_alone(context):
    orders, products, seed = context.bulk
    alone = price_many(rule_texts(context), products, orders, seed)
    assert alone == context.world.result, alone


@then("no discount is above the price")
def step_sane(context):
    totals = context.world.result
    assert 0 <= totals.discount and totals.net > 0 and totals.tax >= 0, totals


@when("a forked child prices {orders:d} orders with seed {seed:d} and leaves by os._exit")
def step_fork_price(context, orders, seed):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            totals = price_range((rule_texts(context), 30, 0, orders, seed))
            os.write(writing, totals_text(totals).encode())
        finally:
            os._exit(3)
    os.close(writing)
    with os.fdopen(reading) as stream:
        context.world.result = stream.read()
    context.world.status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@when("{orders:d} orders with seed {seed:d} are priced with and without the rules")
def step_with_and_without(context, orders, seed):
    products = make_products(50, seed)
    with_rules = PricingEngine(parse_rules(rule_texts(context)))
    without = PricingEngine()
    cheaper = dearer = 0
    for customer, lines in make_orders(orders, products, seed):
        one = with_rules.price(lines, products, customer)
        other = without.price(lines, products, customer)
        cheaper += one.total < other.total
        dearer += one.total > other.total
    context.world.result = f"{cheaper} cheaper, {dearer} dearer"


@then("adding up {count:d} empty totals changes nothing")
def step_totals_zero(context, count):
    assert sum([Totals()] * count, context.world.result) == context.world.result


@when("a rule is applied to a basket without lines")
def step_empty_basket(context):
    def run():
        basket = Basket([])
        for rule in context.world.rules:
            rule.apply(basket)
        if basket.amount:
            raise InvalidValue("something out of nothing")
        return basket.amount

    context.world.attempt(run)
