import sys  # ran


def work(count):  # ran
    while count:  # ran
        count -= 1  # ran
    if count:  # ran
        count = 0  # not run
    return "within"  # ran


sys.stdout.write(work(2) + "\n")  # ran
sys.stdout.flush()  # ran
