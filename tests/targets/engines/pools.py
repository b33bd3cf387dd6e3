import multiprocessing  # ran
import sys  # ran


def work(number):  # ran
    return number * number  # ran


if __name__ == "__main__":  # ran
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:  # ran
        print(pool.map(work, range(4)))  # ran
    process = multiprocessing.get_context(sys.argv[1]).Process(target=work, args=(1,))  # ran
    process.start()  # ran
    process.join()  # ran
    print(process.exitcode)  # ran
