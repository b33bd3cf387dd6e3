"""The commands. Each one is a function with its arguments beside it."""

import json
from dataclasses import dataclass, field
from typing import Callable

from shop import clock
from shop.domain.billing import Billing
from shop.domain.catalog import Catalog
from shop.domain.orders import Orders
from shop.domain.stock import Stock
from shop.errors import InvalidValue
from shop.exchange import archive, bank, csv_files, feed
from shop.money import Money
from shop.pricing.engine import PricingEngine
from shop.query import parse, search
from shop.query.evaluate import to_sql
from shop.query.index import Index
from shop.reports import sales
from shop.reports.documents import document
from shop.reports.table import Table
from shop.schedule.cron import Cron
from shop.schedule.jobs import parse_moment
from shop.schedule.recurrence import Recurrence
from shop.storage import Database, build_template, create_from_template
from shop.work.parallel import price_many
from shop.work.spool import Spool, work

COMMANDS = {}


@dataclass
class Command:
    name: str
    help: str
    function: Callable
    needs_store: bool
    arguments: list = field(default_factory=list)


def argument(*flags, **options):
    """Add an argument to the command below."""

    def decorate(function):
        function.__dict__.setdefault("arguments", []).insert(0, (flags, options))
        return function

    return decorate


def command(name, needs_store=True):
    """Make a function a command; its docstring is the help text."""

    def decorate(function):
        COMMANDS[name] = Command(name, function.__doc__, function, needs_store,
                                 function.__dict__.get("arguments", []))
        return function

    return decorate


def _orders(app):
    engine = PricingEngine.from_settings(app.settings, app.hooks)
    return Orders(app.store, engine, app.hooks)


def _pairs(words):
    """'SKU=3' words as (sku, 3) pairs."""
    for word in words:
        sku, _, number = word.partition("=")
        if not number.isdigit():
            raise InvalidValue(f"SKU=NUMBER expected, not {word!r}")
        yield sku, int(number)


def _show(app, table):
    from shop.cli.main import write_output

    write_output(table.render(app.arguments.format), app.arguments.output, app.out)


def _reporting(function):
    """The two options of everything that prints a table."""
    function = argument("--output", "-o", metavar="FILE")(function)
    return argument("--format", "-f", default="text",
                    choices=["text", "markdown", "csv", "json", "html"])(function)


@command("init", needs_store=False)
@argument("--empty", action="store_true", help="without the base data")
@argument("--template", metavar="FILE", help="copy this database")
def init(app):
    """make a new database"""
    path = app.arguments.database
    if app.arguments.template:
        create_from_template(app.arguments.template, path)
    else:
        build_template(path, seed=not app.arguments.empty)
    with Database.open(path) as database:
        app.print(f"{path}: version {database.version()}")


@command("check")
def check(app):
    """look for damage in the database"""
    problems = app.store.database.problems()
    for problem in problems:
        app.print(problem)
    app.print("no problems" if not problems else f"{len(problems)} problems")
    return 1 if problems else 0


@command("product-add")
@argument("sku")
@argument("name")
@argument("category")
@argument("price")
@argument("--weight", type=int, default=0)
@argument("--tax-class", default="standard")
def product_add(app):
    """add a product"""
    a = app.arguments
    product = Catalog(app.store).add_product(
        a.sku, a.name, a.category, Money.parse(a.price).cents, a.weight, a.tax_class)
    app.print(f"{product.sku} {Money(product.price)}")


@command("products")
@argument("query", nargs="?", default="*")
@_reporting
def products(app):
    """list products that a query finds"""
    table = Table("Products", ["sku", "name", "category", "price"], money=["price"])
    for product in search(app.arguments.query, app.store.products):
        table.add(product.sku, product.name, product.category, product.price)
    _show(app, table)


@command("query", needs_store=False)
@argument("query")
def query(app):
    """show how a query is understood, and its SQL"""
    tree = parse(app.arguments.query)
    app.print(tree)
    sql, parameters = to_sql(tree, {"sku", "name", "category", "price", "weight", "retired"})
    app.print(sql)
    app.print(json.dumps(parameters))


@command("find")
@argument("words", nargs="+")
def find(app):
    """search the full text of the products"""
    index = Index()
    index.rebuild((p.sku, f"{p.name} {p.category}") for p in app.store.products)
    found = index.search(" ".join(app.arguments.words))
    for key, score in found:
        app.print(f"{key} {score:.3f}")
    if not found:
        near = sorted({s for word in app.arguments.words for s in index.suggest(word)})
        app.print("nothing found" + (f"; did you mean {', '.join(near)}?" if near else ""))


@command("reprice")
@argument("category")
@argument("percent", type=int)
def reprice(app):
    """change the prices of a category"""
    changed = Catalog(app.store).reprice(app.arguments.category, app.arguments.percent)
    app.print(f"{changed} prices changed")


@command("receive")
@argument("cost")
@argument("items", nargs="+", metavar="SKU=N")
def receive(app):
    """book goods that came in"""
    stock = Stock(app.store)
    cost = Money.parse(app.arguments.cost).cents
    with app.store.transaction():
        for sku, quantity in _pairs(app.arguments.items):
            stock.receive(sku, quantity, cost)
            app.print(f"{sku}: {stock.level(sku).on_hand} on hand")


@command("count")
@argument("items", nargs="+", metavar="SKU=N")
def count(app):
    """book a stock-taking"""
    for sku, difference in Stock(app.store).count(dict(_pairs(app.arguments.items))).items():
        app.print(f"{sku}: {difference:+d}")


@command("order")
@argument("customer")
@argument("items", nargs="+", metavar="SKU=N")
@argument("--coupon", default="")
@argument("--note", default="")
@argument("--place", action="store_true")
@argument("--split", action="store_true", help="a second order for what is not there")
def order(app):
    """make an order"""
    orders = _orders(app)
    with app.store.transaction():
        draft = orders.draft(app.arguments.customer, app.arguments.note, app.arguments.coupon)
        for sku, quantity in _pairs(app.arguments.items):
            orders.add_line(draft, sku, quantity)
        app.print(f"order {draft.id}")
        if app.arguments.split:
            rest = orders.split(draft)
            if rest is not None:
                app.print(f"order {rest.id} for the rest")
        elif app.arguments.place:
            orders.place(draft)
        app.print(f"{draft.state}, total {Money(orders.quote(draft).total)}")


@command("order-step")
@argument("step", choices=["place", "pack", "unpack", "ship", "close", "cancel", "take_back"])
@argument("number", type=int)
def order_step(app):
    """take an order one step further"""
    orders = _orders(app)
    found = orders.get(app.arguments.number)
    getattr(orders, app.arguments.step)(found)
    app.print(f"order {found.id} is {found.state}")


@command("quote")
@argument("number", type=int)
def quote(app):
    """explain the price of an order"""
    orders = _orders(app)
    for line in orders.quote(orders.get(app.arguments.number)).explain():
        app.print(line)


@command("bill")
@argument("number", type=int)
def bill(app):
    """make the invoice of an order and print it"""
    billing = Billing.from_settings(app.store, app.settings)
    found = app.store.orders.get(app.arguments.number)
    invoice = billing.invoice(found)
    shop = app.settings.text("shop", "name")
    app.out.write(document("invoice", app.store, found, invoice, shop))


@command("pay")
@argument("customer")
@argument("amount")
@argument("--reference", default="")
def pay(app):
    """book a payment"""
    customer = app.store.customers.get(app.arguments.customer)
    amount = Money.parse(app.arguments.amount).cents
    payment, settled = Billing(app.store).receive(customer, amount, app.arguments.reference)
    for number, part in settled:
        app.print(f"{number}: {Money(part)}")
    if payment.unused:
        app.print(f"not used: {Money(payment.unused)}")


@command("remind")
def remind(app):
    """raise reminders for what is overdue"""
    billing = Billing.from_settings(app.store, app.settings)
    for invoice in billing.remind():
        app.out.write(document("reminder", app.store, invoice=invoice,
                               shop=app.settings.text("shop", "name")))


@command("report")
@argument("kind", choices=["sales", "monthly", "best", "abc", "stock", "aging"])
@argument("--first", metavar="DAY")
@argument("--last", metavar="DAY")
@_reporting
def report(app):
    """print a report"""
    a = app.arguments
    match a.kind:
        case "sales":
            table = sales.sales(app.store, a.first, a.last)
        case "monthly":
            first = a.first or f"{clock.add_months(clock.today(), -11):%Y-%m-%d}"
            table = sales.monthly(app.store, first, a.last or clock.today().isoformat())
        case "best":
            table = sales.best_sellers(app.store)
        case "abc":
            table = sales.abc_classes(app.store)
        case "stock":
            table = sales.stock_report(app.store, app.settings.text("stock", "valuation"))
        case _:
            table = sales.aging_report(app.store)
    _show(app, table)


@command("reorder")
def reorder(app):
    """propose what to order"""
    days = app.settings.seconds("stock", "reorder_window") // 86400
    for proposal in Stock(app.store).propose_orders(days=days):
        app.print(f"{proposal.sku}: {proposal.quantity} ({proposal.reason})")


@command("forecast", needs_store=False)
@argument("values", nargs="+", type=float)
@argument("--method", default="holt")
@argument("--periods", type=int, default=3)
@argument("--season", type=int, default=12)
def forecast(app):
    """continue a series"""
    a = app.arguments
    values = sales.forecast(a.values, a.periods, a.method, a.season)
    app.print(" ".join(f"{value:.2f}" for value in values))


@command("import")
@argument("kind", choices=["products", "customers", "orders"])
@argument("file")
@argument("--update", action="store_true")
@argument("--partial", action="store_true", help="leave bad rows out")
def import_(app):
    """take over a CSV file"""
    a = app.arguments
    result = csv_files.import_file(app.store, a.kind, a.file, a.update, a.partial)
    app.print(f"{result.added} added, {result.updated} updated, {len(result.problems)} left out")


@command("export")
@argument("kind", choices=["products", "customers"])
@argument("file")
def export(app):
    """write a CSV file"""
    app.print(f"{csv_files.export_file(app.store, app.arguments.kind, app.arguments.file)} rows")


@command("feed")
@argument("file")
@argument("--state", required=True, metavar="FILE", help="what the feed before had")
def feed_(app):
    """write what has changed in the prices, for partner shops"""
    for change in feed.write_feed(app.store, app.arguments.file, app.arguments.state):
        app.print(feed.describe(change))


@command("dump")
@argument("file")
def dump(app):
    """write everything to an archive"""
    app.print(archive.dump(app.store, app.arguments.file)[:12])


@command("restore")
@argument("file")
def restore(app):
    """put an archive in place of the data"""
    app.print(f"{archive.restore(app.store, app.arguments.file)} rows")


@command("compare", needs_store=False)
@argument("left")
@argument("right")
def compare(app):
    """what differs between two archives"""
    different = 0
    for name, key, what in archive.compare(
            archive.read(app.arguments.left), archive.read(app.arguments.right)):
        app.print(f"{name} {key}: {what}")
        different = 1
    return different


@command("bank")
@argument("file")
def bank_(app):
    """book a bank statement"""
    booked, unknown = bank.import_statement(app.store, app.arguments.file)
    for code, settled in booked:
        parts = ", ".join(f"{number} {Money(part)}" for number, part in settled)
        app.print(f"{code}: {parts or 'on account'}")
    for entry in unknown:
        app.print(f"unknown: {Money(entry.amount)} {entry.text}")


@command("days", needs_store=False)
@argument("rule")
@argument("--count", type=int, default=5)
def days(app):
    """the next days of a recurrence"""
    for day in Recurrence.parse(app.arguments.rule).take(clock.today(), app.arguments.count):
        app.print(day.isoformat())


@command("cron", needs_store=False)
@argument("expression")
@argument("start", type=parse_moment)
@argument("end", type=parse_moment)
def cron(app):
    """the times of a cron expression"""
    for moment in Cron(app.arguments.expression).between(app.arguments.start, app.arguments.end):
        app.print(moment.isoformat(sep=" ", timespec="minutes"))


@command("config", needs_store=False)
@argument("setting", nargs="?", metavar="SECTION.KEY")
def config_(app):
    """print settings"""
    if app.arguments.setting:
        section, _, key = app.arguments.setting.partition(".")
        app.print(app.settings.text(section, key))
    else:
        app.out.write(app.settings.dump())


@command("plugins", needs_store=False)
def plugins(app):
    """which events plugins listen to"""
    for event, number in app.hooks.counts().items():
        app.print(f"{event}: {number}")


@command("price", needs_store=False)
@argument("--orders", type=int, default=100)
@argument("--products", type=int, default=40)
@argument("--seed", type=int, default=1)
@argument("--processes", "-j", type=int, default=1)
def price(app):
    """price generated orders, to see what rules cost"""
    a = app.arguments
    rules = app.settings.items("pricing", "rules")
    totals = price_many(rules, a.products, a.orders, a.seed, a.processes)
    app.print(f"{totals.orders} orders: net {Money(totals.net)}, tax {Money(totals.tax)}, "
              f"shipping {Money(totals.shipping)}, discount {Money(totals.discount)}")


@command("submit", needs_store=False)
@argument("spool")
@argument("name")
@argument("kind")
@argument("arguments_json", nargs="?", default="{}", metavar="JSON")
def submit(app):
    """put a job into a spool folder"""
    a = app.arguments
    Spool(a.spool).submit(a.name, a.kind, **json.loads(a.arguments_json))
    app.print(f"{a.name} submitted")


@command("work", needs_store=False)
@argument("spool")
@argument("--limit", type=int)
@argument("--recover", action="store_true")
def work_(app):
    """run the jobs of a spool folder"""
    spool = Spool(app.arguments.spool)
    if app.arguments.recover:
        for name in spool.recover():
            app.print(f"{name} put back")
    status = 0
    for outcome in work(spool, app.arguments.limit):
        app.print(f"{outcome.name}: {outcome.state}: {outcome.detail}")
        status = status or int(outcome.state != "done")
    return status


@command("serve")
@argument("--host", default="127.0.0.1")
@argument("--port", type=int, default=0, help="0: any that is free")
def serve(app):
    """answer HTTP requests until SIGTERM"""
    from shop import web

    web.serve(app.store, _orders(app), app.arguments.host, app.arguments.port, app.out)
