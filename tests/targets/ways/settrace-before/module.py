value = 1  # ran


def work():  # ran
    return value  # ran
