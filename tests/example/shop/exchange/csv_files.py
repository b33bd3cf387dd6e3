"""Products, customers and orders as CSV files."""

import csv
import logging
from dataclasses import dataclass, field
from pathlib import Path

from shop.domain.catalog import Catalog
from shop.domain.orders import Orders
from shop.errors import ImportFailed, InvalidValue, ShopError
from shop.money import Money

LOG = logging.getLogger(__name__)
COLUMNS = {
    "products": ["sku", "name", "category", "price", "weight", "tax_class"],
    "customers": ["code", "name", "country", "vat_id", "email"],
    "orders": ["reference", "customer", "sku", "quantity"],
}


@dataclass
class ImportResult:
    added: int = 0
    updated: int = 0
    problems: list = field(default_factory=list)


def read_rows(path, kind):
    """The rows of a file as dictionaries, with their numbers. Tells ';' from ','."""
    text = Path(path).read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    if not lines:
        raise InvalidValue(f"{Path(path).name} is empty")
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    header = [name.strip().lower() for name in reader.fieldnames]
    reader.fieldnames = header
    missing = [name for name in COLUMNS[kind][:4] if name not in header and name != "vat_id"]
    if missing:
        raise InvalidValue(f"{Path(path).name} lacks {', '.join(missing)}")
    for number, row in enumerate(reader, start=2):
        if None in row or None in row.values():
            yield number, None
            continue
        yield number, {key: value.strip() for key, value in row.items()}


def import_file(store, kind, path, update=False, partial=False):
    """Take over a file. Unless `partial`, one bad row means that nothing is taken over."""
    if kind not in COLUMNS:
        raise InvalidValue(f"can't import {kind}")
    take = {"products": _take_product, "customers": _take_customer, "orders": _OrderTaker()}[kind]
    result = ImportResult()
    with store.transaction():
        for number, row in read_rows(path, kind):
            if row is None:
                result.problems.append((number, "wrong number of columns"))
                continue
            try:
                with store.transaction():
                    added = take(store, row, update)
            except ShopError as error:
                result.problems.append((number, str(error)))
                LOG.warning("row %d: %s", number, error)
                continue
            result.added += added
            result.updated += not added
        if result.problems and not partial:
            raise ImportFailed(Path(path).name, result.problems)
    return result


def _take_product(store, row, update):
    price = Money.parse(row["price"]).cents
    weight = int(row.get("weight") or 0)
    known = store.products.first(sku=row["sku"])
    if known and update:
        known.name, known.category, known.price = row["name"], row["category"], price
        store.products.save(known)
        return False
    Catalog(store).add_product(row["sku"], row["name"], row["category"], price, weight,
                               row.get("tax_class") or "standard")
    return True


def _take_customer(store, row, update):
    known = store.customers.first(code=row["code"])
    if known and update:
        known.name, known.email = row["name"], row.get("email", "")
        store.customers.save(known)
        return False
    Catalog(store).add_customer(row["code"], row["name"], row["country"],
                                row.get("vat_id", ""), row.get("email", ""))
    return True


class _OrderTaker:
    """Rows with the same reference are lines of one order."""

    def __init__(self):
        self.drafts = {}

    def __call__(self, store, row, _update):
        orders = Orders(store)
        key = (row["customer"], row["reference"])
        if not row["quantity"].isdigit():
            raise InvalidValue(f"not a quantity: {row['quantity']!r}")
        is_new = key not in self.drafts
        draft = self.drafts[key] if not is_new else orders.draft(
            row["customer"], note=f"imported: {row['reference']}")
        orders.add_line(draft, row["sku"], int(row["quantity"]))
        self.drafts[key] = draft
        return is_new


def export_file(store, kind, path):
    """Write products or customers in the form in which they can be imported."""
    if kind not in ("products", "customers"):
        raise InvalidValue(f"can't export {kind}")
    count = 0
    with open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS[kind])
        for record in getattr(store, kind):
            values = [getattr(record, column) for column in COLUMNS[kind]]
            if kind == "products":
                values[3] = str(Money(record.price))
            writer.writerow(values)
            count += 1
    return count
