mine = "the program's coverage"  # ran
