def work():  # ran
    return 1  # ran
