# A pool of threads by concurrent.futures.
# group: threads
from concurrent.futures import ThreadPoolExecutor  # ran


def work(value):  # ran
    return value * value  # ran


with ThreadPoolExecutor(4) as pool:  # ran
    print(sum(pool.map(work, range(50))))  # ran
