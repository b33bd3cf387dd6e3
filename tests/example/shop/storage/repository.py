"""Dataclasses in, rows out: one `Table` for each kind of record, all of them in a `Store`."""

from dataclasses import fields

from shop.domain import models
from shop.errors import InvalidValue, NotFound


class Table:
    """The rows of one table as objects of one dataclass."""

    def __init__(self, database, name, model, key="id"):
        self.database = database
        self.name = name
        self.model = model
        self.key = key
        self.columns = [field.name for field in fields(model)]

    def _make(self, row):
        return self.model(**{column: row[column] for column in self.columns})

    def add(self, record):
        """Insert a record and give it its id."""
        columns = [column for column in self.columns if column != "id"]
        marks = ", ".join("?" for _ in columns)
        cursor = self.database.execute(
            f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES ({marks})",
            [getattr(record, column) for column in columns],
        )
        record.id = cursor.lastrowid
        return record

    def save(self, record):
        columns = [column for column in self.columns if column != "id"]
        changes = ", ".join(f"{column} = ?" for column in columns)
        values = [getattr(record, column) for column in columns]
        self.database.execute(
            f"UPDATE {self.name} SET {changes} WHERE id = ?", [*values, record.id])
        return record

    def delete(self, record):
        self.database.execute(f"DELETE FROM {self.name} WHERE id = ?", (record.id,))

    def get(self, key):
        """The record of a key: the business key of the table, not the row number."""
        row = self.database.execute(
            f"SELECT * FROM {self.name} WHERE {self.key} = ?", (key,)).fetchone()
        if row is None:
            raise NotFound(self.model.__name__.lower(), key)
        return self._make(row)

    def find(self, order_by="id", limit=None, **conditions):
        """All records with these values; a tuple or list means any of its values."""
        clauses, values = [], []
        for column, value in conditions.items():
            if column not in self.columns:
                raise InvalidValue(f"{self.name} has no {column}")
            if isinstance(value, (list, tuple)):
                clauses.append(f"{column} IN ({', '.join('?' for _ in value)})")
                values.extend(value)
            else:
                clauses.append(f"{column} = ?")
                values.append(value)
        sql = f"SELECT * FROM {self.name}"
        if clauses:
            sql += " WHERE " + " AND ".join(clauses)
        sql += f" ORDER BY {order_by}"
        if limit is not None:
            sql += f" LIMIT {int(limit)}"
        return [self._make(row) for row in self.database.execute(sql, values)]

    def first(self, **conditions):
        found = self.find(limit=1, **conditions)
        return found[0] if found else None

    def count(self):
        return self.database.scalar(f"SELECT COUNT(*) FROM {self.name}")

    def __iter__(self):
        return iter(self.find())


class Store:
    """All tables of one database."""

    def __init__(self, database):
        self.database = database
        self.customers = Table(database, "customers", models.Customer, key="code")
        self.products = Table(database, "products", models.Product, key="sku")
        self.orders = Table(database, "orders", models.Order)
        self.lines = Table(database, "lines", models.Line)
        self.movements = Table(database, "movements", models.Movement)
        self.invoices = Table(database, "invoices", models.Invoice, key="number")
        self.payments = Table(database, "payments", models.Payment)
        self.jobs = Table(database, "jobs", models.Job, key="name")

    def transaction(self):
        return self.database.transaction()

    def customer_of(self, order):
        return self.customers.first(id=order.customer_id)

    def lines_of(self, order):
        return self.lines.find(order_id=order.id)
