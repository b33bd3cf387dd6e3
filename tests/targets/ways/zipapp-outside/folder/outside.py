def work():  # ran
    print("outside")  # ran
