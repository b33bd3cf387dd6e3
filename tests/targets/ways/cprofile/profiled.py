def work():  # ran
    return 1  # ran


print(work())  # ran
