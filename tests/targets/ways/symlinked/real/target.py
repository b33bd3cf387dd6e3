def work():  # ran
    return 2  # ran
