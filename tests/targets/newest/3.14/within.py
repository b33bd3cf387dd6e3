"""Its function runs in subinterpreters only."""


def double(number):  # ran
    if number > 5:  # ran
        return -1  # not run
    return number * 2  # ran
