"""The shop from outside: its server over HTTP, and the command line beside it.

    python e2e/run.py

The first server is ended politely, the second one is killed.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 120


def command(database, *arguments):
    return [sys.executable, "-m", "shop", "--database", str(database), *arguments]


def shop(database, *arguments):
    """What a command prints."""
    done = subprocess.run(command(database, *arguments), cwd=ROOT, stdout=subprocess.PIPE,
                          text=True, timeout=TIMEOUT, check=True)
    return done.stdout


@contextmanager
def served(database):
    """A running server and its address; whoever asks for it ends it."""
    log = database.with_suffix(".log").open("a")
    with log, subprocess.Popen(command(database, "serve"), cwd=ROOT, stdout=subprocess.PIPE,
                               stderr=log, text=True) as server:
        try:
            words = server.stdout.readline().split()
            assert words[:2] == ["listening", "on"], words
            yield server, words[2]
        finally:
            server.kill()


def fetch(url, data=None):
    """Status and value of an answer."""
    body = None if data is None else json.dumps(data).encode()
    try:
        with urlopen(url, body, timeout=TIMEOUT) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def check(found, wanted):
    assert found == wanted, f"{found} instead of {wanted}"


def browse(address):
    status, found = fetch(f"{address}/products?q=hammer")
    check((status, [product["sku"] for product in found]), (200, ["HAM-500-6"]))
    check(len(fetch(f"{address}/products")[1]), 8)
    check(fetch(f"{address}/stock/HAM-500-6"), (200, {"on_hand": 10, "available": 10}))
    check(fetch(f"{address}/stock/NIL-000-0"), (404, {"error": "no such product: NIL-000-0"}))
    check(fetch(f"{address}/cellar"), (404, {"error": "no such page: /cellar"}))


def buy(address):
    order = {"customer": "C-BAKER", "items": {"HAM-500-6": 2}}
    check(fetch(f"{address}/orders", order), (200, {"order": 1, "total": 5047}))
    check(fetch(f"{address}/stock/HAM-500-6"), (200, {"on_hand": 10, "available": 8}))
    order["items"]["HAM-500-6"] = 9
    check(fetch(f"{address}/orders", order)[0], 409)
    check(fetch(f"{address}/orders", ["a", "list"]), (400, {"error": "not an order"}))


def end_politely(database):
    with served(database) as (server, address):
        browse(address)
        buy(address)
        server.terminate()
        check(server.wait(TIMEOUT), 0)
    # What the server sold, the command line ships.
    check(shop(database, "order-step", "pack", "1"), "order 1 is packed\n")


def end_by_force(database):
    with served(database) as (server, address):
        check(fetch(f"{address}/stock/SAW-300-1")[0], 200)
        server.kill()
        check(server.wait(TIMEOUT), -9)
    check(shop(database, "check"), "no problems\n")


def main():
    with tempfile.TemporaryDirectory(prefix="shop-e2e-") as folder:
        database = Path(folder, "shop.db")
        shop(database, "init")
        shop(database, "receive", "5.00", "HAM-500-6=10")
        end_politely(database)
        end_by_force(database)
    print("e2e: passed")


if __name__ == "__main__":
    main()
