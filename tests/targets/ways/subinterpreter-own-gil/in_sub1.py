def work():  # ran
    return sum(range(1000))  # ran
