"""Loyalty points: one for each full ten units of an order; a note on the order tells them."""


def points(order):
    return order.net // 1000


def register(hooks):
    @hooks.on("order_shipped")
    def award(order, store):
        total = sum(points(o) for o in store.orders.find(
            customer_id=order.customer_id, state=["shipped", "closed"]))
        order.note = f"{order.note} [{total} points]".strip()
        store.orders.save(order)
