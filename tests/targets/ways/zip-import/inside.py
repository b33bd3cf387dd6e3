def work():
    return "inside"
