value = __name__  # ran
