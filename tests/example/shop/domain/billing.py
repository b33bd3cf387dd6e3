"""Invoices, payments, reminders."""

import logging
from datetime import timedelta

from shop import clock
from shop.domain.models import Invoice, Payment
from shop.errors import InvalidState, InvalidValue
from shop.log import logged

BUCKETS = ((0, "not due"), (30, "1-30"), (60, "31-60"), (90, "61-90"))


class Billing:
    """The money side of one store."""

    def __init__(self, store, terms_days=30, dunning_days=(7, 14, 28), dunning_fee=250,
                 country="DE"):
        self.store = store
        self.terms_days = terms_days
        self.dunning_days = tuple(dunning_days)
        self.dunning_fee = dunning_fee
        self.country = country

    @classmethod
    def from_settings(cls, store, settings):
        from shop.money import Money

        return cls(
            store,
            terms_days=settings.integer("billing", "terms_days"),
            dunning_days=[int(day) for day in settings.items("billing", "dunning_days")],
            dunning_fee=Money.parse(settings.text("billing", "dunning_fee")).cents,
            country=settings.text("shop", "country"),
        )

    def due_date(self, issued):
        """The end of the terms, or the next business day after it."""
        due = issued + timedelta(days=self.terms_days)
        while not clock.is_business_day(due, self.country):
            due += timedelta(days=1)
        return due

    @logged(level=logging.INFO)
    def invoice(self, order):
        """Bill an order that has left the house, once."""
        if order.state not in ("shipped", "closed"):
            raise InvalidState(f"order {order.id} is {order.state}: nothing to bill yet")
        if self.store.invoices.first(order_id=order.id, kind="invoice"):
            raise InvalidState(f"order {order.id} is billed already")
        issued = clock.today()
        with self.store.transaction():
            number = f"R{issued:%Y}-{self.store.database.next_number('invoice')}"
            return self.store.invoices.add(Invoice(
                number, order.id, order.customer_id, issued.isoformat(),
                self.due_date(issued).isoformat(), order.total))

    def credit(self, invoice, amount=None):
        """A credit note over all or a part of an invoice."""
        if invoice.kind != "invoice":
            raise InvalidState(f"{invoice.number} is a credit note itself")
        amount = invoice.total if amount is None else amount
        if not 0 < amount <= invoice.open:
            raise InvalidValue(f"{invoice.number}: can't credit {amount}, {invoice.open} is open")
        issued = clock.today()
        with self.store.transaction():
            number = f"G{issued:%Y}-{self.store.database.next_number('credit')}"
            note = self.store.invoices.add(Invoice(
                number, invoice.order_id, invoice.customer_id, issued.isoformat(),
                issued.isoformat(), -amount, paid=-amount, kind="credit"))
            invoice.paid += amount
            self.store.invoices.save(invoice)
        return note

    def open_invoices(self, customer=None):
        conditions = {"kind": "invoice"}
        if customer is not None:
            conditions["customer_id"] = customer.id
        found = self.store.invoices.find(order_by="due_on, id", **conditions)
        return [invoice for invoice in found if invoice.open > 0]

    def receive(self, customer, amount, reference=""):
        """A payment: the invoice that it names comes first, then the oldest ones."""
        if amount <= 0:
            raise InvalidValue(f"not a payment: {amount}")
        payment = Payment(customer.id, clock.today().isoformat(), amount, reference)
        candidates = self.open_invoices(customer)
        candidates.sort(key=lambda invoice: invoice.number not in reference)
        settled = []
        left = amount
        with self.store.transaction():
            for invoice in candidates:
                if not left:
                    break
                part = min(left, invoice.open)
                invoice.paid += part
                left -= part
                self.store.invoices.save(invoice)
                settled.append((invoice.number, part))
            payment.unused = left
            self.store.payments.add(payment)
        return payment, settled

    def remind(self):
        """Raise the level of every invoice that is overdue for long enough; returns them."""
        raised = []
        today = clock.today()
        with self.store.transaction():
            for invoice in self.open_invoices():
                overdue = (today - clock.parse_date(invoice.due_on)).days
                level = sum(overdue >= days for days in self.dunning_days)
                if level <= invoice.level:
                    continue
                # The first reminder is free; each later one costs.
                fees = max(0, level - max(1, invoice.level))
                invoice.total += fees * self.dunning_fee
                invoice.level = level
                self.store.invoices.save(invoice)
                raised.append(invoice)
        return raised

    def aging(self):
        """Open amounts by how long they are overdue."""
        sums = {label: 0 for _, label in BUCKETS}
        sums["over 90"] = 0
        for invoice in self.open_invoices():
            overdue = (clock.today() - clock.parse_date(invoice.due_on)).days
            for limit, label in BUCKETS:
                if overdue <= limit:
                    sums[label] += invoice.open
                    break
            else:
                sums["over 90"] += invoice.open
        return sums

    def balance(self, customer):
        """What a customer owes; below zero is what the shop owes him."""
        owed = sum(invoice.open for invoice in self.open_invoices(customer))
        unused = sum(p.unused for p in self.store.payments.find(customer_id=customer.id))
        return owed - unused
