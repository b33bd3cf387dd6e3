# A loop that runs a million times before its last branch is taken.
# group: code


def work(limit):  # ran
    number = 0  # ran
    while number <= limit:  # ran
        number += 1  # ran
        if number == limit:  # ran
            return number  # ran


work(500000)  # ran
print(work(500000))  # ran
