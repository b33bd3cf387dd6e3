"""for, while, else, break, continue, comprehensions, generator expressions."""


def exhausted(items):
    for item in items:
        print(item)


def never_entered(items):
    for item in items:
        print(item)
    return 1


def broken(items):
    for item in items:
        if item:
            break
    return 1


def in_conditions(flag, items):
    if flag:
        for item in items:
            print(item)
    flag = not flag
    while flag:
        for item in items:
            print(item)
        flag = False
    if flag is None:
        return 0
    else:
        for item in items:
            if item:
                items = ()


def with_else(items):
    for item in items:
        if item > 2:
            break
        if item == 1:
            continue
        print(item)
    else:
        print("else")
    return 1


def endless():
    while True:
        for item in (1, 2):
            return item


def counted(count):
    while count:
        count -= 1


def counted_with_else(count):
    while count > 0 and count < 10:
        count -= 1
        if count == 5:
            continue
    else:
        count = 0
    return count


def several_lines(items, others):
    for (
        item,
        index,
    ) in zip(
        items,
        others,
    ):
        print(item, index)
    while (
        items and
        others
    ):
        items = others
        others = None
    for item in (
        items
    ):
        if item:
            continue
    return items


def one_line(items):
    for item in items: print(item)
    while items: items = items[1:]
    for item in items: break
    return items


def raising(items):
    for item in items:
        print(item)


def raising_within(items):
    for item in items:
        item.missing()


def comprehensions(items):
    first = [item for item in items if item]
    second = [
        item
        for item in items
        if item
    ]
    third = {item for item in items for other in items if other and item}
    fourth = {
        item: other
        for item in items
        if item
        for other in items
        if other
    }
    if [item for item in items if item > 10]:
        return 1
    for item in [item for item in items if item]:
        print(item)
    if any(item > 100 for item in items):
        return 2
    if all(
        item < 100
        for item in items
    ):
        return first, second, third, fourth


def generator_expressions(items):
    return sum(item for item in items if item), list(
        item
        for item in items
        if item
    )


def nested(items):
    for item in items:
        for other in items:
            if item == other:
                continue
            if item > other:
                break
        else:
            continue
        while item:
            item -= 1


def lambdas(items):
    return sorted(items, key=lambda item: -item if item else 0), [lambda: 1, lambda: (
        2
    )]


exhausted([1])
exhausted([])
never_entered([])
broken([0, 1])
in_conditions(True, [1, 2]), in_conditions(False, [0])
with_else([1, 2, 3])
endless()
counted(3)
counted_with_else(7)
several_lines([1, 0], [1, 2])
one_line([1, 2])
comprehensions([1, 2, 3])
generator_expressions([0, 1])
nested([1, 2, 3])
lambdas([2, 1])
try:
    raising(1)
except TypeError:
    pass
try:
    raising_within([1])
except AttributeError:
    pass
for number in range(3):
    if number == 1:
        continue
while number:
    number -= 1
