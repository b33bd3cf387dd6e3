"""Jumps that stay in their line. They run on and on; where they have run, no event may wait."""
import asyncio  # ran
import dis  # ran
import sys  # ran

for number in range(40): number += 1  # ran


def choose(number):  # ran
    small = 1 if number < 9 else 2  # ran
    return number and small or 3  # ran


def repeat(numbers):  # ran
    found = [n for n in numbers if n]  # ran
    for n in numbers: found.append(n)  # ran
    while len(found) > 5: found.pop()  # ran
    if not numbers:  # ran
        found = [n or 1 for n in range(3)]  # not run
    return found  # ran


def produce(count):  # ran
    for n in range(count): yield n  # ran


def one_line(a): return a if a else None  # ran


def lambdas():  # ran
    return (lambda n:  # ran
            n if n else
            -1)


async def wait(number):  # ran
    await asyncio.sleep(0)  # ran
    return number + await later(number)  # ran


async def later(number): return number  # ran


async def main():  # ran
    async for n in turns(): await wait(n)  # ran
    return [n async for n in turns() if n]  # ran


async def turns():  # ran
    for n in range(3): yield n  # ran


def waiting(function):  # ran
    """Does a LINE event wait anywhere in this function, all of whose lines have run?"""
    opmap = vars(sys.modules.get("_opcode_metadata", dis))["opmap"]  # ran (3.13 has it there)
    code = getattr(function.__code__, "_co_code_adaptive", b"")  # ran
    return opmap.get("INSTRUMENTED_LINE", 255) in code[::2]  # ran (255 is nothing)


for number in range(12):  # ran
    choose(number), one_line(number), lambdas()(number)  # ran
    repeat(range(8)), list(produce(4))  # ran
    asyncio.run(main())  # ran
functions = choose, produce, one_line, lambdas(), wait, later, main, turns  # ran
print([f.__name__ for f in functions if waiting(f)])  # ran
