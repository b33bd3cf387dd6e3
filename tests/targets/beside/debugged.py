"""A program that is debugged. COMMANDS is what the debugger is told, if the standard input isn't; it is told
to go on after them."""

import io  # ran
import os  # ran
import sys  # ran

commands = os.environ.get("COMMANDS", "").split()  # ran
sys.stdin = io.StringIO("\n".join(commands) + "\nc" * 20) if commands else sys.stdin  # ran


def first(number):  # ran
    doubled = [item * 2 if item else 1 for item in range(number)]  # ran
    breakpoint()  # ran
    total = second(doubled)  # ran
    total += 1  # ran
    for item in steps(3):  # ran
        total += item  # ran
    try:  # ran
        fails(total)  # ran
    except ValueError:  # ran
        total = 0  # ran
    return total  # ran


def second(items):  # ran
    total = sum(item for item in items if item)  # ran
    while total > 20:  # ran
        total -= 5  # ran
    return total  # ran


def steps(count):  # ran
    for item in range(count):  # ran
        if item == 1:  # ran
            breakpoint()  # ran
        yield item  # ran


def fails(total):  # ran
    raise ValueError(total)  # ran


class Part:  # ran
    breakpoint()  # ran
    value = first(6)  # ran


print(Part.value)  # ran
breakpoint()  # ran
print(first(3))  # ran
last = "line"  # ran
