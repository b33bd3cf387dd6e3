# A multiprocessing.Manager with a class of the program.
# group: multiprocessing
from multiprocessing.managers import BaseManager  # ran


class Counter:  # ran
    def __init__(self):  # ran
        self.value = 0  # ran

    def add(self, value):  # ran
        self.value += value  # ran
        return self.value  # ran


class Manager(BaseManager):  # ran
    pass  # ran


Manager.register("Counter", Counter)  # ran
if __name__ == "__main__":  # ran
    with Manager() as manager:  # ran
        counter = manager.Counter()  # ran
        counter.add(2)  # ran
        print(counter.add(3))  # ran
