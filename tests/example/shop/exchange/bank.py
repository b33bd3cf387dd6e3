"""Bank statements: lines of fixed width, and which customer paid what.

    H<account 12><day 8>            head
    C<day 8><amount 12><text 40>    credit, the amount in cents
    D<day 8><amount 12><text 40>    debit
    T<count 6><sum 13>              trailer: number of lines, credits less debits
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shop.domain.billing import Billing
from shop.errors import InvalidValue


@dataclass(frozen=True)
class Entry:
    day: date
    amount: int
    text: str


def parse_statement(text):
    """(account, entries) of a statement; its sums must be right."""
    account = None
    entries = []
    trailer = None
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            match line[:1]:
                case "H":
                    account = line[1:13].strip()
                    _day(line[13:21])
                case "C" | "D" if account is not None:
                    sign = 1 if line[0] == "C" else -1
                    amount = sign * int(line[9:21])
                    entries.append(Entry(_day(line[1:9]), amount, line[21:61].strip()))
                case "T":
                    trailer = (int(line[1:7]), int(line[7:20]))
                case _:
                    raise ValueError("not a line of a statement")
        except ValueError as error:
            raise InvalidValue(f"line {number}: {error}") from error
    if trailer is None:
        raise InvalidValue("the statement has no end")
    if trailer != (len(entries), sum(entry.amount for entry in entries)):
        raise InvalidValue("the sums of the statement are wrong")
    return account, entries


def _day(text):
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def format_statement(account, day, entries):
    """The statement as the bank writes it."""
    lines = [f"H{account:<12}{day:%Y%m%d}"]
    for entry in entries:
        kind = "C" if entry.amount >= 0 else "D"
        lines.append(f"{kind}{entry.day:%Y%m%d}{abs(entry.amount):012d}{entry.text:<40.40}")
    lines.append(f"T{len(entries):06d}{sum(entry.amount for entry in entries):013d}")
    return "\n".join(lines) + "\n"


class Matcher:
    """Finds the customer of a payment: by invoice number, by his code, then by his name."""

    def __init__(self, store):
        self.store = store
        self.billing = Billing(store)

    def customer_for(self, entry):
        for number in re.findall(r"R\d{4}-\d+", entry.text):
            if invoice := self.store.invoices.first(number=number):
                return self.store.customers.first(id=invoice.customer_id)
        wanted = set(re.findall(r"\w+", entry.text.lower()))
        best = None
        for customer in self.store.customers:
            if customer.code.lower() in entry.text.lower():
                return customer
            name = set(re.findall(r"\w{3,}", customer.name.lower()))
            share = len(name & wanted) / len(name)
            if share >= 0.5 and (best is None or share > best[0]):
                best = (share, customer)
        return best[1] if best else None

    def book(self, entries):
        """Book the credits; returns what was booked and what nobody can be found for."""
        booked, unknown = [], []
        for entry in entries:
            if entry.amount <= 0:
                continue
            customer = self.customer_for(entry)
            if customer is None:
                unknown.append(entry)
                continue
            _, settled = self.billing.receive(customer, entry.amount, entry.text)
            booked.append((customer.code, settled))
        return booked, unknown


def import_statement(store, path):
    _, entries = parse_statement(Path(path).read_text(encoding="ascii"))
    return Matcher(store).book(entries)
