"""Pricing and simulation in several processes at once."""

import multiprocessing
import random
import signal
from dataclasses import dataclass

from shop.domain.models import Customer, Line, Product
from shop.errors import InvalidValue
from shop.pricing.engine import PricingEngine
from shop.pricing.rules import parse_rules

CATEGORIES = ("tools", "hardware", "paint", "books", "clothing")
COUNTRIES = ("DE", "AT", "FR", "US")


@dataclass(frozen=True)
class Totals:
    """Sums over many orders."""

    orders: int = 0
    net: int = 0
    tax: int = 0
    shipping: int = 0
    discount: int = 0

    def __add__(self, other):
        return Totals(self.orders + other.orders, self.net + other.net, self.tax + other.tax,
                      self.shipping + other.shipping, self.discount + other.discount)


def make_products(count, seed=1):
    """Products that look like real ones and are the same each time."""
    rng = random.Random(seed)
    products = {}
    for number in range(count):
        category = CATEGORIES[number % len(CATEGORIES)]
        sku = f"P{number:05d}"
        products[sku] = Product(
            sku, f"{category} {number}", category, rng.randrange(100, 9900),
            rng.randrange(50, 4000), "reduced" if category == "books" else "standard")
    return products


def make_orders(count, products, seed=1):
    """(customer, lines) pairs."""
    rng = random.Random(seed)
    skus = list(products)
    for number in range(count):
        country = rng.choice(COUNTRIES)
        vat_id = f"{country}X" if rng.random() < 0.3 else ""
        customer = Customer(f"C-{number}", f"Customer {number}", country, vat_id, id=number)
        lines = [
            Line(number, sku, rng.randrange(1, 15), products[sku].price)
            for sku in rng.sample(skus, min(len(skus), rng.randrange(1, 7)))
        ]
        yield customer, lines


def price_range(task):
    """Price the orders of one task. Runs in workers: it takes and returns plain values."""
    rules, product_count, first, count, seed = task
    products = make_products(product_count, seed)
    engine = PricingEngine(parse_rules(rules), free_shipping_from=50000)
    totals = Totals()
    for customer, lines in make_orders(count, products, seed * 1000 + first):
        quote = engine.price(lines, products, customer)
        discount = sum(line.discount for line in quote.lines)
        totals += Totals(1, quote.net, quote.tax, quote.shipping, discount)
    return totals


def split_tasks(rules, products, orders, seed, size=50):
    for first in range(0, orders, size):
        yield rules, products, first, min(size, orders - first), seed


def _ignore_interrupt():
    """The parent decides what an interrupt from the terminal means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def price_many(rules, products=40, orders=200, seed=1, processes=1):
    """Totals over generated orders; the same whatever the number of processes."""
    if processes < 1:
        raise InvalidValue(f"can't work in {processes} processes")
    tasks = list(split_tasks(rules, products, orders, seed))
    if processes == 1:
        return sum(map(price_range, tasks), Totals())
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, initializer=_ignore_interrupt) as pool:
        results = pool.map(price_range, tasks, chunksize=1)
        # Let the workers end by themselves: terminate would cut their exit handlers short.
        pool.close()
        pool.join()
    return sum(results, Totals())


def simulate_demand(days, daily, lead, reorder_point, lot, seed=1):
    """A year at the counter: how often the shelf is empty. Returns (lost, orders, average)."""
    rng = random.Random(seed)
    on_hand, incoming = reorder_point + lot, []
    lost = ordered = held = 0
    for day in range(days):
        arrived = [entry for entry in incoming if entry[0] <= day]
        incoming = [entry for entry in incoming if entry[0] > day]
        on_hand += sum(quantity for _, quantity in arrived)
        wanted = sum(rng.random() < daily / 20 for _ in range(20))
        sold = min(wanted, on_hand)
        lost += wanted - sold
        on_hand -= sold
        if on_hand + sum(quantity for _, quantity in incoming) <= reorder_point:
            incoming.append((day + lead, lot))
            ordered += 1
        held += on_hand
    return lost, ordered, held / days


def _simulation_worker(connection, parameters):
    """The target of a process: parameters in, the result out through a pipe."""
    try:
        connection.send(("result", simulate_demand(**parameters)))
    except Exception as error:
        connection.send(("error", repr(error)))
    finally:
        connection.close()


def compare_policies(policies, **common):
    """Simulate several policies side by side, each one in a process of its own."""
    context = multiprocessing.get_context("fork")
    running = []
    for name, policy in policies.items():
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_simulation_worker, name=name,
                                  args=(sender, {**common, **policy}))
        process.start()
        sender.close()
        running.append((name, process, receiver))
    results, errors = {}, {}
    for name, process, receiver in running:
        try:
            kind, value = receiver.recv()
        except EOFError:
            kind, value = "error", "no answer"
        process.join()
        receiver.close()
        (results if kind == "result" else errors)[name] = value
    return results, errors
