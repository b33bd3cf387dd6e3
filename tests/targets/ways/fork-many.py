# Sixty forks, a line of its own in the last.
# group: fork
import os  # ran


def work(number):  # ran
    if number == 59:  # ran
        last = "only the last child runs this"  # ran
    os._exit(0)  # ran


for number in range(60):  # ran
    if os.fork() == 0:  # ran
        work(number)  # ran
print(sum(os.wait()[1] for number in range(60)))  # ran
