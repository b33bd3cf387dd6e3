# A multiprocessing.Process by forkserver.
# group: multiprocessing
import multiprocessing  # ran


def work(value):  # ran
    in_child = "only the child runs this"  # ran
    if not value:  # ran
        print("never")  # not run
    raise SystemExit(3)  # ran


if __name__ == "__main__":  # ran
    context = multiprocessing.get_context("forkserver")  # ran
    process = context.Process(target=work, args=(1,))  # ran
    process.start()  # ran
    process.join()  # ran
    print(process.exitcode)  # ran
