"""Lines that can go on in several ways are marked with those that they take and those that they don't:
the number of lines from there, or the exit from the function or the module."""
import sys
import threading


def sign(number):
    if number < 0:  # to +1, +2
        return -1
    if number == 0:  # to +1, not to +2
        return 0
    return 1


def broken(items):
    for item in items:  # to +1, not to +4
        if item == 3:  # to +1, not to +2
            break
        item = 3
    return items


def run_out(items):
    for item in items:  # to +1, +2
        item += 1
    while items:  # to +1, exit
        items = items[1:]


def skipped(items):
    for item in items:  # to +3, not to +1
        print(item)
    else:
        items = None
    while items:  # to exit, not to +1
        items = None


def caught(function):
    try:
        function()
    except ValueError:  # to +1, +2
        return 1
    except KeyError:  # to +1, not to +2
        return 2
    except OSError:  # not to +1
        return 3


def recursive(depth):
    if depth:  # to +1, exit
        recursive(depth - 1)


def raiser(kind):
    def function():
        raise kind

    return function


def generator(count):
    while count:  # to +1, exit
        if (yield count):  # to +1, +2
            yield 0
        count -= 1


def unfinished():
    for number in range(9):
        if (yield number):  # to -1, not to +1
            break


def alternating(turns, parity):
    for turn in turns:  # to +1, exit
        if turn % 2 == parity:  # to +1, +3
            number = turn
        else:
            number = -turn
        next(numbers_of_threads[parity], number)


sign(-1)
sign(0)
broken([3])
run_out([1])
skipped([])
caught(raiser(ValueError))
caught(raiser(KeyError))
recursive(2)
numbers = generator(2)
for number in numbers:  # to +1, +4
    if number == 2:  # to +1, -1
        numbers.send(1)

waiting, other = unfinished(), unfinished()
for turn in waiting, other, waiting:  # to +1, +3
    next(turn)

numbers_of_threads = [iter(range(9)), iter(range(9))]
threads = [threading.Thread(target=alternating, args=(range(9), parity)) for parity in (0, 1)]
for thread in threads:  # to +1, +2
    thread.start()
for thread in threads:  # to +1, +3
    thread.join()

if sys.argv[1:] == ["more"]:  # to +2, not to +1
    print("more")
print("done")
