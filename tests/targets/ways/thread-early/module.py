def work():  # ran
    in_thread = "only the early thread runs this"  # ran
    return inner()  # ran


def inner():  # ran
    return 1  # ran
