import part.used


def check(value):
    if value:  # from also
        return 1
    return 2  # by plugin


check(part.used.VALUE)
if part.used.VALUE:
    print("done")
