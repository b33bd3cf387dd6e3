def inside():  # ran
    return 1  # ran


inside()  # ran
