VALUE = 1


def never(value):
    if value:
        return 1
    return 2
