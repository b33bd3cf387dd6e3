value = 3  # ran
other = 4  # ran
