def last():  # ran
    return 1  # ran
