# Greenlets of gevent with everything patched, and a pool of real threads.
# group: code
# needs: module gevent
# peers: concurrency=gevent
from gevent import monkey  # ran

monkey.patch_all()  # ran
import threading  # ran
import time  # ran

import gevent  # ran


def work(number):  # ran
    time.sleep(0.01)  # ran
    return number * number  # ran


def in_thread():  # ran
    gevent.sleep(0.01)  # ran
    patched = "a greenlet in place of a thread"  # ran


def in_real_thread():  # ran
    return "a real thread"  # ran


jobs = [gevent.spawn(work, number) for number in range(5)]  # ran
gevent.joinall(jobs)  # ran
print([job.value for job in jobs])  # ran
thread = threading.Thread(target=in_thread)  # ran
thread.start()  # ran
thread.join()  # ran
print(gevent.get_hub().threadpool.apply(in_real_thread))  # ran
