def first(number):  # ran
    total = 0  # ran
    for i in range(number):  # ran
        total += i  # ran
    return total  # ran


def second(number):  # ran
    return number * 2  # ran


def third(number):  # ran
    return number * 3  # ran
