value = 1  # ran
print("program", value)  # ran
