def inside():  # ran
    value = 1  # ran
    return value  # ran


def after():  # ran
    value = 2  # ran
    return value  # ran
