# A __getitem__ that is called from a loop until CPython has specialized it, and takes a new branch.
# group: code


def make_class():  # ran
    class Squares:  # ran
        def __getitem__(self, index):  # ran
            if index < 3000:  # ran
                return index * index  # ran
            late = -1  # ran
            return late  # ran

    return Squares  # ran


def add(items, count):  # ran
    total = 0  # ran
    for index in range(count):  # ran
        total += items[index]  # ran
    return total  # ran


first = make_class()()  # ran
second = make_class()()  # ran
print(add([1] * 50, 50))  # ran
print(add(first, 3000))  # ran
print(add(second, 3001))  # ran
