"""Imports and exports, archives, bank statements."""

from datetime import date

from behave import given, then, when

from shop.exchange import archive, bank, csv_files
from shop.money import Money
from shop.work.parallel import make_products


@when('I import {kind} from "{name}"')
def step_import(context, kind, name):
    context.world.attempt(
        csv_files.import_file, context.world.store, kind, context.world.folder / name)


@when('I import {kind} from "{name}", {mode}')
def step_import_mode(context, kind, name, mode):
    context.world.attempt(
        csv_files.import_file, context.world.store, kind, context.world.folder / name,
        update="updating" in mode, partial="leaving out" in mode)


@then("{added:d} are added, {updated:d} updated, {bad:d} left out")
def step_import_counts(context, added, updated, bad):
    if context.world.error is not None:
        raise context.world.error
    result = context.world.result
    assert (result.added, result.updated, len(result.problems)) == (added, updated, bad), result


@then('row {number:d} is bad: "{text}"')
def step_bad_row(context, number, text):
    source = context.world.error or context.world.result
    problems = dict(source.problems)
    assert text in problems[number], problems


@then("there are {count:d} {kind}")
def step_how_many(context, count, kind):
    assert getattr(context.world.store, kind).count() == count


@given('a file "{name}" of {count:d} products')
def step_product_file(context, name, count):
    from shop.domain.catalog import make_sku

    lines = ["sku;name;category;price;weight;tax_class"]
    for number, product in enumerate(make_products(count).values()):
        sku = make_sku(f"{chr(65 + number // 1000)}XX", f"{number % 1000:03d}")
        lines.append(f"{sku};{product.name};{product.category};"
                     f"{Money(product.price)};{product.weight};{product.tax_class}")
    (context.world.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@when('I export {kind} to "{name}"')
def step_export(context, kind, name):
    context.world.attempt(
        csv_files.export_file, context.world.store, kind, context.world.folder / name)


@given('an archive "{name}"')
@when('I write the archive "{name}"')
def step_dump(context, name):
    context.world.attempt(archive.dump, context.world.store, context.world.folder / name)


@when('I restore the archive "{name}"')
def step_restore(context, name):
    context.world.attempt(archive.restore, context.world.store, context.world.folder / name)


@when('I compare the archives "{left}" and "{right}"')
def step_compare_archives(context, left, right):
    folder = context.world.folder
    context.world.attempt(lambda: [
        " ".join(map(str, entry))
        for entry in archive.compare(archive.read(folder / left), archive.read(folder / right))])


@then("there is no difference")
def step_no_difference(context):
    assert context.world.result == [], context.world.result or context.world.error


@given('a bank statement "{name}" of')
def step_statement(context, name):
    entries = [
        bank.Entry(date.fromisoformat(row["day"]), Money.parse(row["amount"]).cents, row["text"])
        for row in context.table
    ]
    text = bank.format_statement("DE0012345678", date(2024, 3, 15), entries)
    (context.world.folder / name).write_text(text, encoding="ascii")


@when('I read the bank statement "{name}"')
def step_read_statement(context, name):
    text = (context.world.folder / name).read_text(encoding="ascii")
    context.world.attempt(bank.parse_statement, text)


@when('I book the bank statement "{name}"')
def step_book_statement(context, name):
    context.world.attempt(
        bank.import_statement, context.world.store, context.world.folder / name)


@then("{count:d} payments are booked and {unknown:d} are unknown")
def step_booked(context, count, unknown):
    if context.world.error is not None:
        raise context.world.error
    booked, left = context.world.result
    assert (len(booked), len(left)) == (count, unknown), context.world.result


@when("a statement of {count:d} entries is written and read again")
def step_long_statement(context, count):
    entries = [
        bank.Entry(date(2024, 1 + n % 12, 1 + n % 28), (n * 7919) % 100000 - 20000, f"text {n}")
        for n in range(count)
    ]
    account, again = bank.parse_statement(
        bank.format_statement("ACCOUNT", date(2024, 3, 15), entries))
    assert account == "ACCOUNT" and again == entries
    context.world.result = sum(entry.amount for entry in again)
