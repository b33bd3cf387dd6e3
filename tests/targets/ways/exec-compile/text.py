def double(value):  # ran
    return value * 2  # ran
