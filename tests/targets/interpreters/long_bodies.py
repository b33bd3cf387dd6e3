"""Bodies whose lines are far from their first: of a class, of functions of each kind."""
import asyncio  # ran


def keep(thing):  # ran
    return thing  # ran


def make(number):  # ran
    @keep  # ran
    class Long:  # ran
        """A class that is made twice."""
        spin = [[n + m for n in range(2) if n or m] for m in range(3) if m or not m] + [len(str(n)) + n * 2 for n in range(4)] + [str(0) + repr(0), str(1) + repr(1), str(2) + repr(2), str(3) + repr(3), str(4) + repr(4), str(5) + repr(5), str(6) + repr(6), str(7) + repr(7), str(8) + repr(8), str(9) + repr(9), str(10) + repr(10), str(11) + repr(11), str(12) + repr(12), str(13) + repr(13), str(14) + repr(14), str(15) + repr(15), str(16) + repr(16), str(17) + repr(17), str(18) + repr(18), str(19) + repr(19), str(20) + repr(20), str(21) + repr(21), str(22) + repr(22), str(23) + repr(23)]  # ran
        # Lines so far from the first that CPython looks for their numbers.
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        #
        first = number  # ran
        if number > 5:  # ran
            second = 2  # not run
        for third in range(2):  # ran
            fourth = third  # ran

        def method(self):  # ran
            return self.first  # ran

        @keep  # ran
        def other(self):  # ran
            return 2  # not run

    return Long  # ran


@keep  # ran
def plain(number):  # ran
    """A function that calls itself."""
    spin = [[n + m for n in range(2) if n or m] for m in range(3) if m or not m] + [len(str(n)) + n * 2 for n in range(4)] + [str(0) + repr(0), str(1) + repr(1), str(2) + repr(2), str(3) + repr(3), str(4) + repr(4), str(5) + repr(5), str(6) + repr(6), str(7) + repr(7), str(8) + repr(8), str(9) + repr(9), str(10) + repr(10), str(11) + repr(11), str(12) + repr(12), str(13) + repr(13), str(14) + repr(14), str(15) + repr(15), str(16) + repr(16), str(17) + repr(17), str(18) + repr(18), str(19) + repr(19), str(20) + repr(20), str(21) + repr(21), str(22) + repr(22), str(23) + repr(23)]  # ran
    # Lines so far from the first that CPython looks for their numbers.
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    if number > 3:  # ran
        return 4  # not run
    total = 0  # ran
    for each in range(number):  # ran
        if each == 7:  # ran
            break  # not run
        total += each  # ran
    try:  # ran
        total += plain(number - 1) if number else [][0]  # ran
    except IndexError:  # ran
        total += 1  # ran
    except ValueError:  # not run
        total += 2  # not run
    finally:
        total += 3  # ran
    with open("/dev/null") as stream:  # ran
        stream.read()  # ran
    return total  # ran


def numbers():  # ran
    """A generator that is not used to its end."""
    spin = [[n + m for n in range(2) if n or m] for m in range(3) if m or not m] + [len(str(n)) + n * 2 for n in range(4)] + [str(0) + repr(0), str(1) + repr(1), str(2) + repr(2), str(3) + repr(3), str(4) + repr(4), str(5) + repr(5), str(6) + repr(6), str(7) + repr(7), str(8) + repr(8), str(9) + repr(9), str(10) + repr(10), str(11) + repr(11), str(12) + repr(12), str(13) + repr(13), str(14) + repr(14), str(15) + repr(15), str(16) + repr(16), str(17) + repr(17), str(18) + repr(18), str(19) + repr(19), str(20) + repr(20), str(21) + repr(21), str(22) + repr(22), str(23) + repr(23)]  # ran
    # Lines so far from the first that CPython looks for their numbers.
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    for number in range(3):  # ran
        yield number  # ran
    yield -1  # ran
    yield -2  # not run


async def wait(number):  # ran
    """A coroutine."""
    spin = [[n + m for n in range(2) if n or m] for m in range(3) if m or not m] + [len(str(n)) + n * 2 for n in range(4)] + [str(0) + repr(0), str(1) + repr(1), str(2) + repr(2), str(3) + repr(3), str(4) + repr(4), str(5) + repr(5), str(6) + repr(6), str(7) + repr(7), str(8) + repr(8), str(9) + repr(9), str(10) + repr(10), str(11) + repr(11), str(12) + repr(12), str(13) + repr(13), str(14) + repr(14), str(15) + repr(15), str(16) + repr(16), str(17) + repr(17), str(18) + repr(18), str(19) + repr(19), str(20) + repr(20), str(21) + repr(21), str(22) + repr(22), str(23) + repr(23)]  # ran
    # Lines so far from the first that CPython looks for their numbers.
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    await asyncio.sleep(0)  # ran
    async with asyncio.Lock() as lock:  # ran
        number += lock is None  # ran
    if number > 9:  # ran
        return number  # not run
    return number + 1  # ran


def never():  # ran
    """A function that nothing calls."""
    spin = [[n + m for n in range(2) if n or m] for m in range(3) if m or not m] + [len(str(n)) + n * 2 for n in range(4)] + [str(0) + repr(0), str(1) + repr(1), str(2) + repr(2), str(3) + repr(3), str(4) + repr(4), str(5) + repr(5), str(6) + repr(6), str(7) + repr(7), str(8) + repr(8), str(9) + repr(9), str(10) + repr(10), str(11) + repr(11), str(12) + repr(12), str(13) + repr(13), str(14) + repr(14), str(15) + repr(15), str(16) + repr(16), str(17) + repr(17), str(18) + repr(18), str(19) + repr(19), str(20) + repr(20), str(21) + repr(21), str(22) + repr(22), str(23) + repr(23)]  # not run
    # Lines so far from the first that CPython looks for their numbers.
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    return spin  # not run


found = []  # ran
for number in numbers():  # ran
    if number < 0:  # ran
        break  # ran
    found.append(number)  # ran
print(make(1)().method(), make(2)().method(), plain(2), found, asyncio.run(wait(2)))  # ran
