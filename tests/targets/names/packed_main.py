print("packed")  # ran
