"""What tool.py watches. The body is long, and its later lines are far from the first."""

import tool  # ran


def lingers(items):  # ran
    low = [item for item in items if item < 2 or item > 7]  # ran
    tool.come("in a function", lingers, after_all, steps, main)  # ran
    high = [item if item > 4 else -item for item in items]  # ran
    try:  # ran
        items[len(items)]  # ran
    except IndexError:  # ran
        high += [0]  # ran
    finally:
        low += [0]  # ran
    try:  # ran
        pass  # ran
    except ValueError:
        pass  # not run
    for item in low:  # ran
        if item > 5:  # ran
            item -= 1  # ran
        while item:  # ran
            item -= 1  # ran
        else:
            pass  # ran
    with open(__file__) as file:  # ran
        pass  # ran
    return (  # ran
        low if len(high) > 3 and file.closed or low else
        high
    )


def after_all(number):  # ran
    if number < 0:  # ran
        return 1  # not run
    elif number:  # ran
        return 2  # ran
    return 3  # not run


def steps(items):  # ran
    for item in items:  # ran
        if item == 1:  # ran
            tool.come("in a generator", lingers, after_all, steps, main)  # ran
        yield item  # ran
        pass  # ran
    return  # ran


async def gone():  # ran
    pass  # ran


async def main(items):  # ran
    await gone()  # ran
    for item in items:  # ran
        await gone()  # ran
    async with Context() as context:  # ran
        pass  # ran
    return context  # ran


class Context:  # ran
    """Of main."""

    async def __aenter__(self):  # ran
        return self  # ran

    async def __aexit__(self, *what):  # ran
        pass  # ran


def run(coroutine):  # ran
    try:  # ran
        coroutine.send(None)  # ran
    except StopIteration:  # ran
        pass  # ran


# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far
# far

far = [1, 2, 3]  # ran
for number in far:  # ran
    if number == 2:  # ran
        tool.come("in the body", lingers, after_all, steps, main)  # ran
    try:  # ran
        pass  # ran
    except ValueError:
        pass  # not run
try:  # ran
    import wave  # ran
except ImportError:
    wave = None  # not run
if far:  # ran
    pass  # ran
while not far:  # ran
    pass  # not run


class Part:  # ran
    """Of work."""

    names = [name for name in ("a", "b") if name]  # ran

    @property  # ran
    def first(self):  # ran
        return self.names[0]  # ran

    if names:  # ran
        pass  # ran


Part().first  # ran
numbers = [0, 1, len(far)]  # ran
numbers = [1, 2, len(far)]  # ran
numbers = [2, 3, len(far)]  # ran
numbers = [3, 4, len(far)]  # ran
numbers = [4, 5, len(far)]  # ran
numbers = [5, 6, len(far)]  # ran
numbers = [6, 7, len(far)]  # ran
numbers = [7, 8, len(far)]  # ran
numbers = [8, 9, len(far)]  # ran
numbers = [9, 10, len(far)]  # ran
numbers = [10, 11, len(far)]  # ran
numbers = [11, 12, len(far)]  # ran
for count in range(3):  # ran
    lingers(list(range(9)))  # ran
    after_all(count + 1)  # ran
    list(steps(far))  # ran
    run(main(far))  # ran
try:  # ran
    pass  # ran
finally:
    pass  # ran
with open(__file__) as file:  # ran
    pass  # ran
