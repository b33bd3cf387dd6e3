# A Pool whose workers are replaced after each task.
# group: multiprocessing
import multiprocessing  # ran


def work(value):  # ran
    return value * value  # ran


if __name__ == "__main__":  # ran
    with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:  # ran
        print(pool.map(work, range(6), chunksize=1), flush=True)  # ran
        pool.close()  # ran
        pool.join()  # ran
