# A ProcessPoolExecutor by forkserver.
# group: multiprocessing
import multiprocessing  # ran
from concurrent.futures import ProcessPoolExecutor  # ran


def work(value):  # ran
    return value * value  # ran


if __name__ == "__main__":  # ran
    context = multiprocessing.get_context("forkserver")  # ran
    with ProcessPoolExecutor(2, mp_context=context) as pool:  # ran
        print(list(pool.map(work, range(20))))  # ran
