"""A WSGI application that asks the shop."""

import json
from urllib.parse import parse_qs

from shop.errors import ShopError
from shop.money import Money
from shop.pricing.tax import TaxPolicy
from shop.query.evaluate import search


def money(text):
    return Money.parse(text).format("de")


def rate(country):
    return str(TaxPolicy().rate("standard", country))


def find(query):
    return [record["name"] for record in search(query, [{"name": "saw"}, {"name": "nails"}])]


PAGES = {"/money": money, "/rate": rate, "/find": find}


def application(environ, start_response):
    query = parse_qs(environ["QUERY_STRING"])
    try:
        status, answer = "200 OK", PAGES[environ["PATH_INFO"]](query["q"][0])
    except ShopError as error:
        status, answer = "400 Bad Request", str(error)
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]


def worker_exit(server, worker):
    """gunicorn's hook: the last that a worker does."""
    Money(250).percent(19)
