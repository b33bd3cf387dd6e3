value = 1  # ran
other = 2  # ran
