"""A limit on the worth of an order: private customers can't order for more than 5,000."""

from shop.errors import InvalidState

LIMIT = 500000


def register(hooks):
    @hooks.on("order_placed", priority=100)
    def check(order, store):
        if order.net > LIMIT and not store.customer_of(order).is_business:
            raise InvalidState(f"order {order.id} is above the limit")
