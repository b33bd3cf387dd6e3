value = 1  # ran
