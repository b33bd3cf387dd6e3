def work():  # ran
    return 3  # ran
