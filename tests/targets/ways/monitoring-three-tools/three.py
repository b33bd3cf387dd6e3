def inside(value):  # ran
    if value:  # ran
        value += 1  # ran
    return value  # ran


def after(value):  # ran
    if not value:  # ran
        value = 3  # not run
    return value  # ran
