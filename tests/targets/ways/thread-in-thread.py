# A thread that starts a thread that starts a thread.
# group: threads
import threading  # ran


def start(function):  # ran
    thread = threading.Thread(target=function)  # ran
    thread.start()  # ran
    thread.join()  # ran


def first():  # ran
    start(second)  # ran


def second():  # ran
    start(third)  # ran


def third():  # ran
    innermost = "only the third thread runs this"  # ran


start(first)  # ran
