value = 1  # ran
print("module", value)  # ran
