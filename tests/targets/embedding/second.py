def more(n):  # ran
    return n + 1  # ran


print(more(1), flush=True)  # ran
