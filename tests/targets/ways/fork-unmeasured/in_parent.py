value = 2  # ran
