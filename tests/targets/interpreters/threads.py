"""Threads of threading, each with lines of its own."""
import threading  # ran

results = {}  # ran


def first():  # ran
    results["first"] = sum(range(3))  # ran


def second():  # ran
    inner = threading.Thread(target=third)  # ran
    inner.start()  # ran
    inner.join()  # ran


def third():  # ran
    results["third"] = 3  # ran


def never():  # ran
    results.clear()  # not run


threads = [threading.Thread(target=first), threading.Thread(target=second)]  # ran
for thread in threads:  # ran
    thread.start()  # ran
for thread in threads:  # ran
    thread.join()  # ran
print(sorted(results.items()))  # ran
