mine = "the program's random"  # ran
