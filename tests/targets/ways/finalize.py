# A weakref.finalize that runs when the interpreter shuts down.
# group: exit-code
import weakref  # ran


class Thing:  # ran
    pass  # ran


def last(text):  # ran
    print(text)  # ran


thing = Thing()  # ran
finalizer = weakref.finalize(thing, last, "finalized")  # ran
