"""Celery tasks that the shop's code does; messages and results are files below $TMPDIR."""

import os
import signal
from pathlib import Path

from celery import Celery
from celery.signals import worker_process_shutdown
from shop.money import Money
from shop.pricing.tax import TaxPolicy
from shop.query.evaluate import search
from shop.work.parallel import price_range

FOLDER = Path(os.environ["TMPDIR"]) / "celery"
for name in "queue", "control", "results", "processed":
    (FOLDER / name).mkdir(parents=True, exist_ok=True)

app = Celery("shop_tasks", broker="filesystem://", backend=f"file://{FOLDER}/results")
app.conf.broker_transport_options = {
    "data_folder_in": f"{FOLDER}/queue",
    "data_folder_out": f"{FOLDER}/queue",
    "control_folder": f"{FOLDER}/control",
    "polling_interval": 0.05,
}
# Seconds until a task whose process is gone is given up.
app.conf.worker_lost_wait = 0.1


@app.task
def price(first, count):
    return price_range(([], 20, first, count, 1)).net


@app.task
def tax(country):
    return str(TaxPolicy().rate("standard", country))


@app.task
def find(query):
    return [record["name"] for record in search(query, [{"name": "saw"}, {"name": "nails"}])]


@app.task
def amount(text):
    return Money.parse(text).cents


@app.task
def kill_yourself():
    """What the shop ran here must not be lost with the process."""
    Money(100).format("en")
    os.kill(os.getpid(), signal.SIGKILL)


@worker_process_shutdown.connect
def at_the_end(**_):
    """The last lines that a pool's process runs, before it leaves by os._exit."""
    Money(250).format("de")
