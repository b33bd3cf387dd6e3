# A weakref callback, and a generator's finally, when objects go at shutdown.
# group: exit-code
import weakref  # ran


class Thing:  # ran
    pass  # ran


def gone(reference):  # ran
    print("gone", flush=True)  # ran


def generator():  # ran
    try:  # ran
        yield 1  # ran
        print("never")  # not run
    finally:
        print("closed", flush=True)  # ran


thing = Thing()  # ran
reference = weakref.ref(thing, gone)  # ran
half = generator()  # ran
next(half)  # ran
del thing  # ran
