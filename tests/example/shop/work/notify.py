"""Notifications: many at once, with a limit, a timeout and second attempts. Nothing is sent for
real: a transport is any coroutine function that takes an address and a text."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Report:
    sent: list = field(default_factory=list)
    failed: dict = field(default_factory=dict)
    attempts: int = 0
    most_at_once: int = 0


class Memory:
    """A transport that keeps what it is given; it refuses some addresses, or is slow."""

    def __init__(self, refuse=(), flaky=(), slow=()):
        self.refuse = set(refuse)
        self.flaky = set(flaky)
        self.slow = set(slow)
        self.messages = []

    async def __call__(self, address, text):
        await asyncio.sleep(0)
        if address in self.slow:
            await asyncio.sleep(3600)
        if address in self.refuse:
            raise ConnectionError(f"{address} is refused")
        if address in self.flaky:
            self.flaky.discard(address)
            raise ConnectionError("try again")
        self.messages.append((address, text))


class Notifier:
    def __init__(self, transport, at_once=3, attempts=2, timeout=30.0):
        self.transport = transport
        self.attempts = attempts
        self.timeout = timeout
        self.report = Report()
        self._running = 0
        self._limit = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def _slot(self):
        async with self._limit:
            self._running += 1
            self.report.most_at_once = max(self.report.most_at_once, self._running)
            try:
                yield
            finally:
                self._running -= 1

    async def _send(self, address, text):
        async with self._slot():
            for attempt in range(1, self.attempts + 1):
                self.report.attempts += 1
                try:
                    await asyncio.wait_for(self.transport(address, text), self.timeout)
                except asyncio.TimeoutError:
                    problem = "too slow"
                except ConnectionError as error:
                    problem = str(error)
                else:
                    self.report.sent.append(address)
                    return
            self.report.failed[address] = f"{problem} ({attempt} attempts)"

    async def send_all(self, messages):
        await asyncio.gather(*(self._send(address, text) for address, text in messages))
        self.report.sent.sort()
        return self.report


async def reminders(store):
    """The messages about all invoices that are overdue, one after the other."""
    for invoice in store.invoices.find(kind="invoice"):
        if invoice.level and invoice.open > 0:
            customer = store.customers.first(id=invoice.customer_id)
            await asyncio.sleep(0)
            yield customer.email, f"Invoice {invoice.number} is overdue (level {invoice.level})"


def send_reminders(store, transport, **options):
    """Send them all; returns the report."""

    async def run():
        messages = [message async for message in reminders(store)]
        return await Notifier(transport, **options).send_all(messages)

    return asyncio.run(run())
