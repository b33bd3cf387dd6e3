def one():  # ran
    return 1  # ran


def two():  # ran
    return 2  # ran
