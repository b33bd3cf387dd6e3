"""Tables, sales, forecasts, templates, documents."""

import random
from types import SimpleNamespace

from behave import given, then, when

from shop.reports import sales
from shop.reports.documents import document
from shop.reports.table import Table
from shop.reports.template import render


def value(text):
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return None if text == "-" else text


@given('a table "{title}" with money in {money}')
@given('a table "{title}"')
def step_table(context, title, money=""):
    context.report = Table(title, context.table.headings, money.split(", ") if money else ())
    for row in context.table:
        context.report.add(*map(value, row.cells))


@when("it is rendered as {form}")
def step_render_table(context, form):
    context.world.attempt(context.report.render, form)
    context.world.out = context.world.result or ""


@when("it is sorted by {name}, the largest first")
def step_sort_table(context, name):
    context.report.sort(name, descending=True)


@when("it is grouped by {name}, adding up {sums}")
def step_group_table(context, name, sums):
    context.report = context.report.group(name, *sums.split(", "))


@then("the column {name} is {expected}")
def step_column(context, name, expected):
    actual = ", ".join(map(str, context.report.column(name)))
    assert actual == expected, actual


@then("the total of {name} is {expected:d}")
def step_column_total(context, name, expected):
    assert context.report.total(name) == expected, context.report.total(name)


@when("I ask for the column {name}")
def step_ask_column(context, name):
    context.world.attempt(context.report.column, name)


@when("I add a row of {count:d} values")
def step_add_row(context, count):
    context.world.attempt(context.report.add, *range(count))


@when("a table of {count:d} rows is rendered in every form")
def step_big_table(context, count):
    rng = random.Random(count)
    table = Table("Big", ["sku", "group", "amount", "share"], money=["amount"])
    for number in range(count):
        table.add(f"P{number}", f"g{number % 9}", rng.randrange(100000), rng.random())
    sizes = {form: len(table.render(form)) for form in ("text", "markdown", "csv", "json", "html")}
    assert len({len(line) for line in table.render("text").splitlines()[2:]}) <= 2
    grouped = table.group("group", "amount")
    assert grouped.total("amount") == table.total("amount")
    context.world.result = min(sizes, key=sizes.get)


@when("I make the {kind} report")
def step_make_report(context, kind):
    store = context.world.store
    make = {
        "sales": lambda: sales.sales(store),
        "best sellers": lambda: sales.best_sellers(store, 3),
        "ABC": lambda: sales.abc_classes(store),
        "stock": lambda: sales.stock_report(store),
        "aging": lambda: sales.aging_report(store),
    }
    context.report = context.world.attempt(make[kind])


@when("I make the sales report from {first} to {last}")
def step_sales_between(context, first, last):
    context.report = context.world.attempt(sales.sales, context.world.store, first, last)


@when("I make the monthly report from {first} to {last}")
def step_monthly(context, first, last):
    context.report = context.world.attempt(sales.monthly, context.world.store, first, last)


@then("it has {count:d} rows")
def step_row_count(context, count):
    assert len(context.report.rows) == count, context.report.rows


@then("all ways to group it by have the same total")
def step_same_totals(context):
    total = context.report.total("amount")
    for name in ("month", "customer", "country", "sku", "category"):
        assert context.report.group(name, "amount").total("amount") == total, name


@when("I forecast {periods:d} of {values} by {method}")
def step_forecast(context, periods, values, method):
    numbers = [float(v) for v in values.split()]
    context.world.attempt(
        lambda: " ".join(f"{v:.1f}" for v in sales.forecast(numbers, periods, method, season=4)))


@when("I forecast {count:d} random series of {length:d} values")
def step_forecast_many(context, count, length):
    """A straight line must be continued; a noisy one nearly so."""
    rng = random.Random(count + length)
    worst = 0.0
    for _ in range(count):
        slope, start = rng.uniform(-2, 2), rng.uniform(100, 200)
        line = [start + slope * step for step in range(length)]
        (expected,) = sales.forecast(line, 1, "holt")
        assert abs(expected - (start + slope * length)) < 1e-6
        noisy = [v + rng.uniform(-1, 1) for v in line]
        (found,) = sales.forecast(noisy, 1, "holt")
        worst = max(worst, abs(found - (start + slope * length)))
    context.world.result = worst < 5


# Templates


SCOPE = {
    "name": "anna egger", "amount": 123456, "none": None, "empty": "", "zero": 0, "five": 5,
    "items": [{"sku": "A", "n": 1}, {"sku": "B", "n": 2}], "nothing": [],
    "object": SimpleNamespace(color="blue", inner=SimpleNamespace(size=3)),
}
LIBRARY = {"greeting": "Hello {{ name|title }}", "nested": "{% include greeting %}!"}


@when("I fill in `{text}`")
def step_fill(context, text):
    context.world.attempt(render, text, SCOPE, LIBRARY)


@when("I fill in the template")
def step_fill_text(context):
    context.world.attempt(render, context.text, SCOPE, LIBRARY)
    context.world.out = context.world.result or ""


@then("it becomes `{text}`")
def step_becomes(context, text):
    if context.world.error is not None:
        raise context.world.error
    assert context.world.result == text, context.world.result


@then("it becomes nothing")
def step_becomes_nothing(context):
    assert context.world.error is None and context.world.result == "", context.world.result


@when("I fill in a letter for {count:d} customers with {items:d} items each")
def step_letters(context, count, items):
    text = ("Dear {{ person.name|title }},\n"
            "{% for item in person.items %}{{ loop.number|right:3 }} {{ item.sku|pad:8 }}"
            "{{ item.price|money|right:10 }}{% if item.price > 5000 %} *{% end %}\n"
            "{% end %}{% if person.note %}{{ person.note }}{% else %}No note.{% end %}\n")
    lines = 0
    for number in range(count):
        person = {"name": f"person {number}", "note": "Hi." if number % 2 else "",
                  "items": [{"sku": f"S{n}", "price": n * 700} for n in range(items)]}
        letter = render(text, {"person": person})
        assert letter.count("*") == max(0, items - 8), letter
        lines += len(letter.splitlines())
    context.world.result = lines


@when("I print the {kind} of order {name}")
def step_document(context, kind, name):
    store = context.world.store
    order = store.orders.get(context.world.orders_made[name])
    invoice = store.invoices.first(order_id=order.id)
    context.world.attempt(document, kind, store, order, invoice)
    context.world.out = context.world.result or ""
