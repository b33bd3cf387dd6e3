def more(n):  # ran
    if n > 1:  # ran
        return n  # ran
    return 0


print(more(2), flush=True)  # ran
