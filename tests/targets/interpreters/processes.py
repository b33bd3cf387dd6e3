"""processes.py METHOD: multiprocessing, with a pool and a process."""
import multiprocessing  # ran
import sys  # ran


def square(number):  # ran
    if number == 3:  # ran
        return inner(number)  # ran
    return number * number  # ran


def inner(number):  # ran
    return -number  # ran


def talk(queue):  # ran
    queue.put("talked")  # ran


def main(method):  # ran
    context = multiprocessing.get_context(method)  # ran
    with context.Pool(2) as pool:  # ran
        print(pool.map(square, range(5)))  # ran
    queue = context.Queue()  # ran
    process = context.Process(target=talk, args=(queue,))  # ran
    process.start()  # ran
    print(queue.get())  # ran
    process.join()  # ran
    print(process.exitcode)  # ran


if __name__ == "__main__":  # ran
    main(sys.argv[1])  # ran
