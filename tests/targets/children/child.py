"""What the children of all kinds execute."""
import sys  # ran


def work(numbers):  # ran
    found = []  # ran
    for number in numbers:  # ran
        if number % 2:  # ran
            found.append(number)  # ran
        elif number > 100:  # ran
            found.clear()  # not run
    return found  # ran


print("child", *work(range(5)))  # ran
sys.stdout.flush()  # ran
