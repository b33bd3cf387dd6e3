value = 1  # ran
other = 2  # ran


def work():  # ran
    return value  # ran


work()  # ran
