"""The database, the catalogue, the stock, orders and billing."""

import os
import sqlite3

from behave import given, then, when

from shop import clock
from shop.domain.catalog import check_digit, make_sku, validate_sku, validate_vat_id
from shop.domain.models import Customer, Product
from shop.domain.orders import reachable
from shop.money import Money
from shop.storage import Database, build_template, create_from_template
from shop.work.parallel import compare_policies, simulate_demand


def cents(text):
    return Money.parse(text).cents


# The database


@when('I build a template "{name}"')
def step_build(context, name):
    context.world.attempt(build_template, context.world.folder / name)


@when('I build an empty template "{name}"')
def step_build_empty(context, name):
    context.world.attempt(build_template, context.world.folder / name, seed=False)


@when('I copy "{source}" to "{target}"')
def step_copy(context, source, target):
    folder = context.world.folder
    context.world.attempt(create_from_template, folder / source, folder / target)


@when('I open the database "{name}"')
def step_open(context, name):
    def look():
        with Database.open(context.world.folder / name) as database:
            return database.scalar("SELECT COUNT(*) FROM products")

    context.world.attempt(look)


@given('a database "{name}" of version {version:d}')
def step_old_database(context, name, version):
    with Database(context.world.folder / name) as database:
        database.migrate(version)


@when('I migrate "{name}"')
def step_migrate(context, name):
    with Database(context.world.folder / name) as database:
        context.world.attempt(database.migrate)


@when("I add the customers {codes} in one transaction")
def step_transaction(context, codes):
    """A code with '!' behind it fails; one in parentheses is in a transaction of its own."""
    store = context.world.store

    def add(code):
        store.customers.add(Customer(code.strip("()!"), code, "DE"))
        if code.rstrip(")").endswith("!"):
            raise RuntimeError(f"{code.strip('()!')} failed")

    def run():
        with store.transaction():
            for code in codes.split(", "):
                if not code.startswith("("):
                    add(code)
                    continue
                try:
                    with store.transaction():
                        add(code)
                except RuntimeError:
                    pass

    context.world.attempt(run)


@then("the customers are {codes}")
def step_customers(context, codes):
    known = {"C-BAKER", "C-DUBOIS", "C-EGGER", "C-SMITH"}
    actual = [c.code for c in context.world.store.customers if c.code not in known]
    assert ", ".join(actual) == codes.replace("only the old ones", ""), actual


@when("{count:d} children each take {each:d} numbers of the counter {name}")
def step_counter_children(context, count, each, name):
    """Forked children, each with a connection of its own."""
    pids = []
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                with Database(context.world.database_path) as database:
                    for _ in range(each):
                        database.next_number(name)
                status = 0
            finally:
                os._exit(status)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * count


@when("I take a number of the counter {name}")
def step_counter(context, name):
    context.world.attempt(context.world.store.database.next_number, name)


@when("I look for {kind} with {column}={value}")
def step_find(context, kind, column, value):
    table = getattr(context.world.store, kind)
    wanted = value.split("/") if "/" in value else value
    context.world.attempt(
        lambda: " ".join(str(getattr(r, table.key)) for r in table.find(**{column: wanted})))


@when("I get the {kind} {key}")
def step_get(context, kind, key):
    context.world.attempt(getattr(context.world.store, kind).get, key)


@when("I add, change and delete {count:d} products")
def step_many_products(context, count):
    table = context.world.store.products
    with context.world.store.transaction():
        made = [table.add(Product(f"T{n:05d}", f"Thing {n}", "things", n)) for n in range(count)]
        for product in made[::2]:
            product.price += 5
            table.save(product)
        for product in made[1::2]:
            table.delete(product)
    context.world.result = table.count()


@given("the database is damaged: a line of order {order:d} without an order")
def step_damage(context, order):
    with sqlite3.connect(context.world.database_path) as connection:
        connection.execute(
            "INSERT INTO lines (order_id, sku, quantity, unit_price) VALUES (?, 'X', 1, 1)",
            (order,))
    connection.close()


# The catalogue


@when("I compute the check digit of {body}")
def step_check_digit(context, body):
    context.world.attempt(check_digit, body)


@when("I check the article number {sku}")
def step_check_sku(context, sku):
    context.world.attempt(validate_sku, sku)


@when('I make an article number from "{prefix}" and "{body}"')
def step_make_sku(context, prefix, body):
    context.world.attempt(make_sku, prefix, body)


@when("I check {count:d} made-up article numbers, each with one wrong digit")
def step_many_skus(context, count):
    found = 0
    for number in range(count):
        sku = make_sku("ABC", f"{number % 1000:03d}")
        validate_sku(sku)
        wrong = sku[:6] + str((int(sku[6]) + 1) % 10) + sku[7:]
        try:
            validate_sku(wrong)
        except Exception:
            found += 1
    context.world.result = found


@when("I check the VAT number {number}")
def step_check_vat(context, number):
    context.world.attempt(validate_vat_id, number)


@given("the product {sku} at {price} in {category}")
@when("I add the product {sku} at {price} in {category}")
def step_add_product(context, sku, price, category):
    context.world.attempt(
        context.world.catalog.add_product, sku, f"The  product {sku}", category, cents(price))


@when("I add the product {sku} of tax class {tax_class} and weight {weight:d}")
def step_add_odd_product(context, sku, tax_class, weight):
    context.world.attempt(
        context.world.catalog.add_product, sku, "Odd", "odd", 100, weight, tax_class)


@when('I add the customer {code} from {country} with "{vat_id}" and "{email}"')
def step_add_customer(context, code, country, vat_id, email):
    context.world.attempt(
        context.world.catalog.add_customer, code, "Somebody", country,
        "" if vat_id == "-" else vat_id, "" if email == "-" else email)


@given("{sku} is retired")
@when("I retire {sku}")
def step_retire(context, sku):
    context.world.attempt(context.world.catalog.retire, sku)


@when("I change the prices of {category} by {percent:d} percent")
def step_reprice(context, category, percent):
    context.world.attempt(context.world.catalog.reprice, category, percent)


@then("the price of {sku} is {price}")
def step_costs(context, sku, price):
    assert str(Money(context.world.store.products.get(sku).price)) == price


@then("the categories are {expected}")
def step_categories(context, expected):
    actual = ", ".join(f"{k} {v}" for k, v in context.world.catalog.categories().items())
    assert actual == expected, actual


@then("{sku} is named {name}")
def step_named(context, sku, name):
    assert context.world.store.products.get(sku).name == name


# Stock


@given("{quantity:d} of {sku} in stock at {cost}")
@when("{quantity:d} of {sku} arrive at {cost}")
def step_receive(context, quantity, sku, cost):
    context.world.attempt(context.world.stock.receive, sku, quantity, cents(cost))


@when("{quantity:d} of {sku} are reserved")
def step_reserve(context, quantity, sku):
    context.world.attempt(context.world.stock.reserve, sku, quantity, "test")


@when("{quantity:d} of {sku} are released")
def step_release(context, quantity, sku):
    context.world.attempt(context.world.stock.release, sku, quantity, "test")


@when("{quantity:d} of {sku} are issued")
def step_issue(context, quantity, sku):
    context.world.attempt(context.world.stock.issue, sku, quantity, "test")


@given("{quantity:d} of {sku} went out on {day}")
@when("{quantity:d} of {sku} go out on {day}")
def step_went_out(context, quantity, sku, day):
    with clock.frozen(day):
        context.world.stock.reserve(sku, quantity, "test")
        context.world.stock.issue(sku, quantity, "test")


@when("{quantity:d} of {sku} come back")
def step_come_back(context, quantity, sku):
    context.world.stock.take_back(sku, quantity, "test")


@when("a stock-taking finds {pieces}")
def step_count(context, pieces):
    counted = dict(part.split(" of ")[::-1] for part in pieces.split(", "))
    context.world.attempt(context.world.stock.count, {k: int(v) for k, v in counted.items()})


@then("of {sku} there are {on_hand:d}, {reserved:d} reserved")
def step_level(context, sku, on_hand, reserved):
    level = context.world.stock.level(sku)
    assert (level.on_hand, level.reserved) == (on_hand, reserved), level
    assert level.available == on_hand - reserved


@then("the stock of {sku} is worth {value} by {method}")
def step_value(context, sku, value, method):
    actual = Money(context.world.stock.value(sku, method))
    assert str(actual) == value, actual


@when("I value {sku} by {method}")
def step_value_try(context, sku, method):
    context.world.attempt(context.world.stock.value, sku, method)


@then("all stock is worth {value}")
def step_total_value(context, value):
    actual = Money(context.world.stock.total_value())
    assert str(actual) == value, actual


@given("a busy year of {sku}: {count:d} deliveries and {sold:d} sales")
def step_busy_year(context, sku, count, sold):
    stock = context.world.stock
    with context.world.store.transaction():
        for number in range(max(count, sold)):
            day = f"-{360 - number % 360}d"
            with clock.frozen(clock.parse_date(day)):
                if number < count:
                    stock.receive(sku, 10 + number % 7, 400 + 3 * number)
                if number < sold:
                    stock.reserve(sku, 1 + number % 5, "busy")
                    stock.issue(sku, 1 + number % 5, "busy")


@when("I ask what to reorder")
def step_reorder(context):
    context.world.attempt(context.world.stock.propose_orders)


@when("I ask what to reorder with {days:d} days of sales and {lead:d} days to wait")
def step_reorder_days(context, days, lead):
    context.world.attempt(context.world.stock.propose_orders, days=days, lead_days=lead)


@then("the proposals are {expected}")
def step_proposals(context, expected):
    actual = ", ".join(f"{p.quantity} of {p.sku}" for p in context.world.result) or "none"
    assert actual == expected, context.world.result


@when("I simulate {days:d} days with a reorder point of {point:d} and lots of {lot:d}")
def step_simulate(context, days, point, lot):
    context.world.attempt(simulate_demand, days, 4, 5, point, lot, seed=11)


@then("{lost:d} sales are lost and {ordered:d} orders are made")
def step_simulated(context, lost, ordered):
    assert context.world.result[:2] == (lost, ordered), context.world.result


@when("I compare these policies over {days:d} days")
def step_compare(context, days):
    policies = {
        row["name"]: {"reorder_point": int(row["point"]), "lot": int(row["lot"])}
        for row in context.table
    }
    for row in context.table:
        if "lead" in context.table.headings:
            policies[row["name"]]["lead"] = int(row["lead"])
    common = {"days": days, "daily": 4, "lead": 5, "seed": 11}
    context.policies = {name: {**common, **policy} for name, policy in policies.items()}
    context.world.result, context.policy_errors = compare_policies(policies, **common)


@then("each one has what it has alone")
def step_compare_alone(context):
    for name, parameters in context.policies.items():
        assert context.world.result[name] == simulate_demand(**parameters), name


@then("{better} loses fewer sales than {worse}")
def step_better(context, better, worse):
    assert context.world.result[better][0] < context.world.result[worse][0], context.world.result


@when("a policy makes its process fail")
def step_policy_fails(context):
    context.world.result, context.policy_errors = compare_policies(
        {"good": {"lot": 10}, "bad": {"lot": None}},
        days=30, daily=4, lead=5, reorder_point=10)


@when("a policy kills its process")
def step_policy_killed(context):
    class Killer:
        """Dies as soon as the simulation looks at it, in the child only."""

        parent = os.getpid()

        def __radd__(self, other):
            assert os.getpid() != self.parent
            os.kill(os.getpid(), 9)

    context.world.result, context.policy_errors = compare_policies(
        {"good": {"lot": 10}, "bad": {"lot": Killer()}},
        days=30, daily=4, lead=5, reorder_point=10)


@then('the policy "{name}" has an error with "{text}", the others a result')
def step_policy_error(context, name, text):
    assert text in context.policy_errors[name], context.policy_errors
    assert set(context.world.result) == {"good"}


# Orders


def find_order(context, name):
    """Orders have names in scenarios: 'A', 'B'."""
    return context.world.store.orders.get(context.world.orders_made[name])


@given("a draft {name} of {customer} with {items}")
def step_draft(context, name, customer, items):
    coupon = ""
    if " and coupon " in items:
        items, coupon = items.split(" and coupon ")
    orders = context.world.orders
    order = orders.draft(customer, coupon=coupon)
    context.world.orders_made[name] = order.id
    for part in items.split(", "):
        if part != "nothing":
            quantity, sku = part.split(" of ")
            orders.add_line(order, sku, int(quantity))


@given("enough of everything in stock")
def step_plenty(context):
    with context.world.store.transaction():
        for product in context.world.store.products:
            context.world.stock.receive(product.sku, 1000, product.price // 2)


@given("order {name}: {steps}")
@when("order {name}: {steps}")
def step_order_steps(context, name, steps):
    """'placed, packed and shipped'."""
    verbs = {"placed": "place", "packed": "pack", "unpacked": "unpack", "shipped": "ship",
             "closed": "close", "cancelled": "cancel", "taken back": "take_back"}

    def run():
        for step in steps.replace(" and ", ", ").split(", "):
            getattr(context.world.orders, verbs[step])(find_order(context, name))

    context.world.attempt(run)


@when("order {name} gets {quantity:d} of {sku}")
def step_order_line(context, name, quantity, sku):
    context.world.attempt(
        context.world.orders.add_line, find_order(context, name), sku, quantity)


@when("the quantity of {sku} in order {name} becomes {quantity:d}")
def step_order_quantity(context, sku, name, quantity):
    context.world.attempt(
        context.world.orders.set_quantity, find_order(context, name), sku, quantity)


@then("order {name} has the state {state}")
def step_order_state(context, name, state):
    assert find_order(context, name).state == state, find_order(context, name)


@then("order {name} has {items} in it")
def step_order_items(context, name, items):
    lines = context.world.store.lines_of(find_order(context, name))
    actual = ", ".join(f"{line.quantity} of {line.sku}" for line in lines) or "nothing"
    assert actual == items, actual


@then("order {name} costs {net} net, {tax} tax, {shipping} shipping")
def step_order_costs(context, name, net, tax, shipping):
    order = find_order(context, name)
    actual = tuple(str(Money(v)) for v in (order.net, order.tax, order.shipping))
    assert actual == (net, tax, shipping), actual
    assert order.total == order.net + order.tax + order.shipping


@then("order {name} was placed on {day}")
def step_order_day(context, name, day):
    assert find_order(context, name).placed_on == day


@when("order {name} is split by what is there, the rest being {rest}")
def step_order_split(context, name, rest):
    made = context.world.attempt(context.world.orders.split, find_order(context, name))
    if made is not None:
        context.world.orders_made[rest] = made.id


@when("order {source} is merged into {target}")
def step_order_merge(context, source, target):
    context.world.attempt(
        context.world.orders.merge, find_order(context, target), find_order(context, source))


@then("the orders are {expected}")
def step_order_summary(context, expected):
    actual = ", ".join(f"{n} {state}" for state, n in context.world.orders.summary().items())
    assert actual == expected, actual


@then("from {state} an order can become {states}")
def step_reachable(context, state, states):
    actual = ", ".join(sorted(reachable(state))) or "nothing else"
    assert actual == states, actual


@given("{count:d} orders were shipped in the months before")
def step_history(context, count):
    """A history that is the same each time: orders over a year, most of them shipped."""
    skus = [p.sku for p in context.world.store.products]
    codes = [c.code for c in context.world.store.customers]
    orders = context.world.orders
    with context.world.store.transaction():
        for number in range(count):
            day = clock.parse_date(f"-{(number * 37) % 360 + 1}d")
            with clock.frozen(day):
                order = orders.draft(codes[number % len(codes)])
                for place in range(1 + number % 3):
                    sku = skus[(number * number + 3 * place) % len(skus)]
                    orders.add_line(order, sku, 1 + (number + place) % 4)
                orders.place(order)
                if number % 5:
                    orders.pack(order)
                    orders.ship(order)


# Billing


@given("order {name} was billed on {day}")
@when("order {name} is billed on {day}")
def step_bill(context, name, day):
    with clock.frozen(day):
        context.world.attempt(context.world.billing.invoice, find_order(context, name))


@given("invoices of {amounts} for {code}")
def step_invoices(context, amounts, code):
    """'100.00 due 2024-01-31, …', made without orders."""
    from shop.domain.models import Invoice

    store = context.world.store
    customer = store.customers.get(code)
    for part in amounts.split(", "):
        amount, due = part.split(" due ")
        number = f"R2024-{store.database.next_number('invoice')}"
        store.invoices.add(Invoice(number, 0, customer.id, "2024-01-01", due, cents(amount)))


@then("invoice {number} is over {total}, due on {day}")
def step_invoice(context, number, total, day):
    invoice = context.world.store.invoices.get(number)
    assert (str(Money(invoice.total)), invoice.due_on) == (total, day), invoice


@then("of invoice {number} {amount} is open")
def step_invoice_open(context, number, amount):
    assert str(Money(context.world.store.invoices.get(number).open)) == amount


@given('{code} paid {amount} with the text "{reference}"')
@when('{code} pays {amount} with the text "{reference}"')
def step_pay(context, code, amount, reference):
    customer = context.world.store.customers.get(code)
    context.world.attempt(context.world.billing.receive, customer, cents(amount), reference)


@then("that settles {expected}")
def step_settles(context, expected):
    if context.world.error is not None:
        raise context.world.error
    payment, settled = context.world.result
    actual = ", ".join(f"{Money(part)} of {number}" for number, part in settled)
    if payment.unused:
        actual += f"{', ' if actual else ''}{Money(payment.unused)} unused"
    assert actual == expected, actual


@then("{code} owes {amount}")
def step_owes(context, code, amount):
    customer = context.world.store.customers.get(code)
    assert str(Money(context.world.billing.balance(customer))) == amount


@when("reminders are raised on {day}")
def step_remind(context, day):
    with clock.frozen(day):
        context.world.attempt(context.world.billing.remind)


@then("the reminders are {expected}")
def step_reminders(context, expected):
    actual = ", ".join(f"{i.number} level {i.level}" for i in context.world.result) or "none"
    assert actual == expected, actual


@when("{amount} of invoice {number} is credited")
def step_credit(context, amount, number):
    invoice = context.world.store.invoices.get(number)
    context.world.attempt(
        context.world.billing.credit, invoice, None if amount == "all" else cents(amount))


@then("there is a credit note {number} over {amount}")
def step_credit_note(context, number, amount):
    note = context.world.store.invoices.get(number)
    assert (note.kind, str(Money(note.total))) == ("credit", amount), note


@then("the open amounts on {day} are")
def step_aging(context, day):
    with clock.frozen(day):
        actual = {label: str(Money(v)) for label, v in context.world.billing.aging().items()}
    expected = {row["overdue"]: row["amount"] for row in context.table}
    assert actual == expected, actual
