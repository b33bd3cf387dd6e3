print("child")  # ran
