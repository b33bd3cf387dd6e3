"""What an audit hook of the program's sees while functions are called: nothing of ours."""
import sys  # ran

seen = []  # ran


def count(number):  # ran
    yield number  # ran


sys.addaudithook(lambda event, _: seen.append(event))  # ran
del seen[:]  # ran
for number in range(3):  # ran
    list(count(number))  # ran
print(seen)  # ran
