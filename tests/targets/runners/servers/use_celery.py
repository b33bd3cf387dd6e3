"""Sends tasks to a worker with two prefork processes, ends it by SIGTERM and says what came back.

usage: use_celery.py [--kill]            # with a worker; --kill: one of its processes is killed
       use_celery.py --eager [--kill]    # each task within this process
"""

import os
import subprocess
import sys

from celery.exceptions import WorkerLostError
from shop_tasks import amount, app, at_the_end, find, kill_yourself, price, tax

TASKS = [
    price.s(0, 30), price.s(30, 30), tax.s("AT"), tax.s("US"), find.s("saw or not nails"),
    amount.s("€ 3,50"),
]
WORKER = [
    "-m", "celery", "-A", "shop_tasks", "worker", "--pool", "prefork", "-c", "2", "-l", "error",
    "--without-gossip", "--without-mingle", "--without-heartbeat",
]


def eager():
    app.conf.task_always_eager = True
    print(*(task.apply_async().get() for task in TASKS), sep="\n")
    if "--kill" in sys.argv:
        os.kill = lambda *_: print("killed")
        kill_yourself.apply()
    at_the_end()


def with_worker():
    with open("worker.log", "w") as log:
        worker = subprocess.Popen([sys.executable, *WORKER], stdout=log, stderr=log)
    try:
        for task in [task.apply_async() for task in TASKS]:
            print(task.get(timeout=60, interval=0.05))
        try:
            if "--kill" in sys.argv:
                kill_yourself.apply_async().get(timeout=60, interval=0.05)
        except WorkerLostError:
            print("killed")
    finally:
        worker.terminate()
    print("worker:", worker.wait(60))


if __name__ == "__main__":
    eager() if "--eager" in sys.argv else with_worker()
