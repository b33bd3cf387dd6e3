# A program that ends by an exception that nobody catches.
# group: ends


def fail():  # ran
    raise ValueError("nobody catches this")  # ran


fail()  # ran
print("never")  # not run
