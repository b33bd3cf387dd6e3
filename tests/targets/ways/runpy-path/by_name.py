value = __name__  # ran
if __name__ == "__main__":  # ran
    value += "!"  # ran
