"""The shop over HTTP: products, stock and orders as JSON, one request after the other."""

import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from shop.domain.orders import Orders
from shop.domain.stock import Stock
from shop.errors import InvalidValue, NotFound, OutOfStock, ShopError
from shop.query import search

STATUS = {NotFound: 404, OutOfStock: 409}


class Handler(BaseHTTPRequestHandler):
    """One request. `server.store` and `server.orders` are what it works with."""

    def do_GET(self):
        self.answer({"products": self.products, "stock": self.stock})

    def do_POST(self):
        self.answer({"orders": self.order})

    def answer(self, pages):
        url = urlsplit(self.path)
        name, _, rest = url.path.strip("/").partition("/")
        try:
            if name not in pages:
                raise NotFound("page", url.path)
            status, value = 200, pages[name](rest, parse_qs(url.query))
        except ShopError as error:
            status, value = STATUS.get(type(error), 400), {"error": str(error)}
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def products(self, _rest, query):
        found = search(query.get("q", ["*"])[0], self.server.store.products)
        return [{"sku": product.sku, "price": product.price} for product in found]

    def stock(self, sku, _query):
        level = Stock(self.server.store).level(self.server.store.products.get(sku).sku)
        return {"on_hand": level.on_hand, "available": level.available}

    def order(self, _rest, _query):
        try:
            wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            customer, items = wanted["customer"], wanted["items"].items()
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InvalidValue("not an order") from None
        orders = self.server.orders
        with self.server.store.transaction():
            order = orders.draft(customer)
            for sku, quantity in items:
                orders.add_line(order, sku, quantity)
            orders.place(order)
        return {"order": order.id, "total": order.total}


def serve(store, orders, host, port, out):
    """Answer requests until SIGTERM; says first where."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with HTTPServer((host, port), Handler) as server:
        server.store, server.orders = store, orders
        print(f"listening on http://{host}:{server.server_port}", file=out, flush=True)
        server.serve_forever()
