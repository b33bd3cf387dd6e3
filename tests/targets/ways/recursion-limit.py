# How deep a recursion gets before it is an error, a first and a second time.
# group: code


def measure(depth):  # ran
    deepest[0] = depth  # ran
    measure(depth + 1)  # ran


def generate(depth):  # ran
    deepest[0] = depth  # ran
    yield from generate(depth + 1)  # ran


deepest = [0]  # ran
for attempt in range(3):  # ran
    for function in measure, generate:  # ran
        try:  # ran
            list(function(0))  # ran
        except RecursionError:  # ran
            print(function.__name__, deepest)  # ran
