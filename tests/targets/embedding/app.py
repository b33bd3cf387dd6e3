def work(n):  # ran
    total = 0  # ran
    for i in range(n):  # ran
        total += i  # ran
    return total  # ran


def again(n):  # ran
    if n:
        second = "in the second life of a C thread"
        return second
    return "in the first"


RESULT = work(5)  # ran
print("RESULT", RESULT, flush=True)  # ran
