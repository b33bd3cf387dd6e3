"""Orders: from a draft to a closed one."""

from collections import Counter

from shop import clock
from shop.domain.models import Line, Order
from shop.domain.stock import Stock
from shop.errors import InvalidState, InvalidValue, NotFound, OutOfStock
from shop.log import logged
from shop.pricing.engine import PricingEngine

TRANSITIONS = {
    "draft": {"placed", "cancelled"},
    "placed": {"packed", "cancelled"},
    "packed": {"shipped", "placed"},
    "shipped": {"closed", "returned"},
    "closed": {"returned"},
    "cancelled": set(),
    "returned": set(),
}


def reachable(state):
    """Every state that an order in `state` can still come to."""
    seen, todo = set(), [state]
    while todo:
        for following in TRANSITIONS[todo.pop()]:
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return seen


class Orders:
    """The orders of one store. `hooks` is told of events; plugins sit behind it."""

    def __init__(self, store, engine=None, hooks=None):
        self.store = store
        self.stock = Stock(store)
        self.engine = engine or PricingEngine()
        self.hooks = hooks

    def _tell(self, event, order):
        if self.hooks is not None:
            self.hooks.emit(event, order=order, store=self.store)

    def get(self, number):
        return self.store.orders.get(number)

    def draft(self, customer_code, note="", coupon=""):
        customer = self.store.customers.get(customer_code)
        return self.store.orders.add(Order(customer.id, note=note, coupon=coupon))

    def _change(self, order, state):
        if state not in TRANSITIONS[order.state]:
            raise InvalidState(f"order {order.id} is {order.state}, can't be {state}")
        order.state = state
        self.store.orders.save(order)
        self._tell(f"order_{state}", order)
        return order

    def add_line(self, order, sku, quantity):
        """Add a product; a second line for the same product becomes part of the first."""
        if order.state != "draft":
            raise InvalidState(f"order {order.id} is {order.state}: no changes any more")
        if quantity <= 0:
            raise InvalidValue(f"can't order {quantity} of {sku}")
        product = self.store.products.get(sku)
        if product.retired:
            raise InvalidState(f"{sku} is not sold any more")
        line = self.store.lines.first(order_id=order.id, sku=sku)
        if line is None:
            return self.store.lines.add(Line(order.id, sku, quantity, product.price))
        line.quantity += quantity
        return self.store.lines.save(line)

    def set_quantity(self, order, sku, quantity):
        """Change a line; nothing of it means no line."""
        line = self.store.lines.first(order_id=order.id, sku=sku)
        if line is None:
            raise NotFound("line", sku)
        if quantity == 0:
            self.store.lines.delete(line)
            return None
        line.quantity = quantity
        return self.store.lines.save(line)

    def quote(self, order):
        """What the order costs, with the reasons."""
        lines = self.store.lines_of(order)
        products = {line.sku: self.store.products.get(line.sku) for line in lines}
        customer = self.store.customer_of(order)
        return self.engine.price(lines, products, customer, coupon=order.coupon)

    @logged
    def place(self, order):
        """Price an order and reserve its goods: all of them or none."""
        lines = self.store.lines_of(order)
        if not lines:
            raise InvalidState(f"order {order.id} is empty")
        with self.store.transaction():
            quote = self.quote(order)
            for line, priced in zip(lines, quote.lines):
                self.stock.reserve(line.sku, line.quantity, f"order {order.id}")
                line.discount = priced.discount
                self.store.lines.save(line)
            order.net, order.tax, order.shipping = quote.net, quote.tax, quote.shipping
            order.placed_on = clock.today().isoformat()
            return self._change(order, "placed")

    def pack(self, order):
        return self._change(order, "packed")

    def unpack(self, order):
        """Back on the shelf: the goods stay reserved."""
        return self._change(order, "placed")

    def ship(self, order):
        with self.store.transaction():
            self._change(order, "shipped")
            for line in self.store.lines_of(order):
                self.stock.issue(line.sku, line.quantity, f"order {order.id}")
        return order

    def close(self, order):
        return self._change(order, "closed")

    def cancel(self, order):
        had_goods = order.state == "placed"
        with self.store.transaction():
            self._change(order, "cancelled")
            if had_goods:
                for line in self.store.lines_of(order):
                    self.stock.release(line.sku, line.quantity, f"order {order.id}")
        return order

    def take_back(self, order):
        with self.store.transaction():
            self._change(order, "returned")
            for line in self.store.lines_of(order):
                self.stock.take_back(line.sku, line.quantity, f"order {order.id}")
        return order

    def split(self, order):
        """Place what is in stock and move the rest into a new draft; returns that or None."""
        missing = []
        for line in self.store.lines_of(order):
            available = max(0, self.stock.level(line.sku).available)
            if available < line.quantity:
                missing.append((line, line.quantity - available))
        if not missing:
            self.place(order)
            return None
        if len(missing) == len(self.store.lines_of(order)) and all(
            line.quantity == short for line, short in missing
        ):
            line, short = missing[0]
            raise OutOfStock(line.sku, short, 0)
        with self.store.transaction():
            rest = self.store.orders.add(
                Order(order.customer_id, note=f"rest of order {order.id}", coupon=order.coupon))
            for line, short in missing:
                self.add_line(rest, line.sku, short)
                self.set_quantity(order, line.sku, line.quantity - short)
            self.place(order)
        return rest

    def merge(self, target, source):
        """Move all lines of one draft into another one of the same customer."""
        if target.state != "draft" or source.state != "draft":
            raise InvalidState("only drafts can be merged")
        if target.customer_id != source.customer_id:
            raise InvalidValue("orders of different customers")
        with self.store.transaction():
            for line in self.store.lines_of(source):
                self.add_line(target, line.sku, line.quantity)
                self.store.lines.delete(line)
            self._change(source, "cancelled")
        return target

    def summary(self):
        """How many orders there are in each state."""
        counts = Counter(order.state for order in self.store.orders)
        return {state: counts[state] for state in TRANSITIONS if counts[state]}
