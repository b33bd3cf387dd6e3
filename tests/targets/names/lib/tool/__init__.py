def name():  # ran
    return "tool"  # ran
