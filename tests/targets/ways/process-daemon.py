# A daemonic multiprocessing.Process that is alive when the program ends.
# group: multiprocessing
import multiprocessing  # ran
import time  # ran


def work(ready):  # ran
    ready.set()  # ran
    in_child = "only the child runs this"  # ran
    time.sleep(50)  # ran
    print("never")  # not run


if __name__ == "__main__":  # ran
    context = multiprocessing.get_context("fork")  # ran
    ready = context.Event()  # ran
    process = context.Process(target=work, args=(ready,), daemon=True)  # ran
    process.start()  # ran
    ready.wait()  # ran
    time.sleep(0.2)  # ran
