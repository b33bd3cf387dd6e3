value = 6  # ran
