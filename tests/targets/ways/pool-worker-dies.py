# A Pool's worker that ends by os._exit and is replaced.
# group: multiprocessing
import multiprocessing  # ran
import os  # ran


def work(value):  # ran
    return value  # ran


def die():  # ran
    last = "the worker's last line"  # ran
    os._exit(1)  # ran


if __name__ == "__main__":  # ran
    with multiprocessing.get_context("fork").Pool(1) as pool:  # ran
        pool.apply_async(die)  # ran
        print(pool.apply(work, (1,)))  # ran
