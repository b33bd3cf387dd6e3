"""Generators, coroutines and comprehensions."""
import asyncio  # ran


def numbers():  # ran
    for number in range(3):  # ran
        yield number  # ran
    yield -1  # ran
    yield -2  # not run


async def wait(number):  # ran
    await asyncio.sleep(0)  # ran
    return number + 1  # ran


async def main():  # ran
    total = 0  # ran
    for number in numbers():  # ran
        if number < 0:  # ran
            break  # ran
        total += await wait(number)  # ran
    print(total, [n for n in range(4) if n % 2])  # ran


asyncio.run(main())  # ran
