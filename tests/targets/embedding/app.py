def work(n):  # ran
    total = 0  # ran
    for i in range(n):  # ran
        total += i  # ran
    return total  # ran


RESULT = work(5)  # ran
print("RESULT", RESULT, flush=True)  # ran
