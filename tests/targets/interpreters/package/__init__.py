NAME = "package"  # ran
