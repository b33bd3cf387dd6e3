def work():  # ran
    return sum(range(2000))  # ran
