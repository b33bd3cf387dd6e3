value = 0  # ran


def work(value):  # ran
    value += 1  # ran
    value += 2  # ran
    return value  # ran


print(work(1))  # ran
