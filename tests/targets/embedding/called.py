def again(n):  # ran
    if n:  # ran
        second = "in the second life of a thread"  # ran
        return second  # ran
    return "in its first"  # ran


print("called", flush=True)  # ran
