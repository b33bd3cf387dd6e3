def double(number):  # ran
    if number:  # ran
        return 2 * number  # ran
    return 0  # not run
