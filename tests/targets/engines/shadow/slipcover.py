mine = "the program's slipcover"  # ran
