# A Pool by forkserver, ended by terminate().
# group: multiprocessing
import multiprocessing  # ran


def prepare():  # ran
    in_worker = "only a worker runs this"  # ran


def work(value):  # ran
    return value * value  # ran


if __name__ == "__main__":  # ran
    with multiprocessing.get_context("forkserver").Pool(2, prepare) as pool:  # ran
        print(pool.map(work, range(20)))  # ran
    print("terminated")  # ran
