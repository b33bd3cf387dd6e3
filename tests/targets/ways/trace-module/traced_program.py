def work():
    for number in range(3):
        pass
    return 1


print(work())
