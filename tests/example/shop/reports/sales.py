"""What was sold, to whom, and what it is likely to be next month."""

from collections import defaultdict

from shop import clock
from shop.domain.billing import Billing
from shop.domain.stock import Stock
from shop.errors import InvalidValue
from shop.reports.table import Table

SOLD = ["placed", "packed", "shipped", "closed"]


def sales(store, first=None, last=None):
    """One row for each line of an order that was placed."""
    table = Table("Sales", ["day", "month", "order", "customer", "country", "sku", "category",
                            "quantity", "amount"], money=["amount"])
    products = {product.sku: product for product in store.products}
    customers = {customer.id: customer for customer in store.customers}
    lines = defaultdict(list)
    for line in store.lines:
        lines[line.order_id].append(line)
    for order in store.orders.find(order_by="placed_on, id", state=SOLD):
        if (first and order.placed_on < first) or (last and order.placed_on > last):
            continue
        customer = customers[order.customer_id]
        for line in lines[order.id]:
            table.add(order.placed_on, order.placed_on[:7], order.id, customer.code,
                      customer.country, line.sku, products[line.sku].category, line.quantity,
                      line.amount)
    return table


def best_sellers(store, count=5):
    table = sales(store).group("sku", "quantity", "amount").sort("amount", descending=True)
    table.rows = table.rows[:count]
    table.title = f"Best {count}"
    return table


def abc_classes(store):
    """Products by their share of the sales: A makes 80 %, B the next 15, C the rest."""
    grouped = sales(store).group("sku", "amount").sort("amount", descending=True)
    total = grouped.total("amount") or 1
    table = Table("ABC", ["sku", "amount", "share", "class"], money=["amount"])
    running = 0
    for sku, amount in grouped.rows:
        label = "A" if running < 0.8 * total else "B" if running < 0.95 * total else "C"
        running += amount
        table.add(sku, amount, 100 * amount / total, label)
    return table


def monthly(store, first, last):
    """Every month from `first` to `last`, those without sales too."""
    amounts = defaultdict(int)
    for month, amount in sales(store).group("month", "amount").rows:
        amounts[month] = amount
    table = Table("Sales by month", ["month", "amount"], money=["amount"])
    for month in clock.month_range(clock.parse_date(first), clock.parse_date(last)):
        table.add(month, amounts[month])
    return table


def stock_report(store, method="fifo"):
    stock = Stock(store)
    table = Table("Stock", ["sku", "on_hand", "reserved", "available", "value"], money=["value"])
    for sku, level in stock.levels().items():
        table.add(sku, level.on_hand, level.reserved, level.available, stock.value(sku, method))
    return table


def aging_report(store):
    table = Table("Open invoices", ["overdue", "amount"], money=["amount"])
    for label, amount in Billing(store).aging().items():
        table.add(label, amount)
    return table


def forecast(values, periods, method="holt", season=12):
    """The next values of a series."""
    values = [float(value) for value in values]
    if len(values) < 2:
        raise InvalidValue("a forecast needs two values or more")
    match method:
        case "mean":
            window = values[-min(3, len(values)):]
            return [sum(window) / len(window)] * periods
        case "exponential":
            level = values[0]
            for value in values[1:]:
                level = 0.4 * value + 0.6 * level
            return [level] * periods
        case "holt":
            alpha, beta = _best_parameters(values)
            level, trend, _ = _holt(values, alpha, beta)
            return [level + (step + 1) * trend for step in range(periods)]
        case "seasonal":
            if len(values) < 2 * season:
                raise InvalidValue(f"a season of {season} needs {2 * season} values")
            factors = _seasonal_factors(values, season)
            plain = [value / factors[i % season] for i, value in enumerate(values)]
            base = forecast(plain, periods, "holt")
            return [value * factors[(len(values) + i) % season] for i, value in enumerate(base)]
        case _:
            raise InvalidValue(f"no such method: {method}")


def _holt(values, alpha, beta):
    """Level, trend and squared error of double exponential smoothing."""
    level, trend, error = values[0], values[1] - values[0], 0.0
    for value in values[1:]:
        expected = level + trend
        error += (value - expected) ** 2
        before = level
        level = alpha * value + (1 - alpha) * expected
        trend = beta * (level - before) + (1 - beta) * trend
    return level, trend, error


def _best_parameters(values, steps=10):
    grid = [(a / steps, b / steps) for a in range(1, steps + 1) for b in range(steps + 1)]
    return min(grid, key=lambda pair: _holt(values, *pair)[2])


def _seasonal_factors(values, season):
    cycles = len(values) // season
    factors = []
    overall = sum(values[: cycles * season]) / (cycles * season) or 1.0
    for place in range(season):
        mean = sum(values[place + cycle * season] for cycle in range(cycles)) / cycles
        factors.append(mean / overall or 1.0)
    return factors
