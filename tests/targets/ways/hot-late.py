# Code that is hot before most of its lines are reached, each kind of them for the first time.
# group: code


class Thing:  # ran
    def __init__(self, value):  # ran
        self.value = value  # ran

    def get(self):  # ran
        return self.value  # ran


def work(step, thing, items):  # ran
    if step < 100:  # ran
        return step  # ran
    total = len(items)  # ran
    for index in range(3):  # ran
        items[index] = thing.get() + index  # ran
        total += items[index]  # ran
    first, second, third = items  # ran
    thing.value = first - second  # ran
    if first > third:  # ran
        total = None  # not run
    with open("/dev/null") as stream:  # ran
        text = f"{stream.name} {total!r} {second}"  # ran
    try:  # ran
        raise ValueError(text)  # ran
    except ValueError as problem:  # ran
        return str(problem), [number * 2 for number in items], {**vars(thing)}  # ran


thing = Thing(7)  # ran
for step in range(120):  # ran
    result = work(step, thing, [0, 0, 0])  # ran
print(result)  # ran
