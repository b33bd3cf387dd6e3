import tool  # ran

print(tool.name())  # ran
