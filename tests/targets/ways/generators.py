# Generators: run to the end, half consumed, closed and thrown into.
# group: code


def numbers():  # ran
    yield 1  # ran
    yield 2  # ran
    yield 3  # ran
    last = "only the one that is consumed to its end runs this"  # ran


def half():  # ran
    try:  # ran
        yield 1  # ran
        yield 2  # not run
    finally:
        closed = "when the generator is closed"  # ran


def thrown():  # ran
    try:  # ran
        yield 1  # ran
    except ValueError:  # ran
        yield "caught"  # ran


print(list(numbers()))  # ran
one = half()  # ran
next(one)  # ran
one.close()  # ran
two = thrown()  # ran
next(two)  # ran
print(two.throw(ValueError()))  # ran
print(sum(n * n for n in numbers()))  # ran
