"""Generators, coroutines, async for, async with, await."""
import asyncio
import contextlib


def numbers(count):
    for number in range(count):
        yield number
    if count > 2:
        yield count


def conditional():
    while (yield):
        pass


def closed():
    try:
        while (yield 1):
            yield 2
    finally:
        print("closed")


def thrown():
    if (yield 1):
        yield 2


def delegating(count):
    if (yield from numbers(count)):
        yield 1


def one_line(count):
    for number in range(count): yield number


def never_finished():
    for number in range(10):
        yield number


class Asynchronous:
    def __init__(self, count, kind=StopAsyncIteration):
        self.count = count
        self.kind = kind

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.count:
            raise self.kind
        self.count -= 1
        return self.count


class Counting:
    def __init__(self, count):
        self.count = count

    def __iter__(self):
        return self

    def __next__(self):
        if not self.count:
            raise StopIteration
        self.count -= 1
        return self.count


def counting(count):
    for item in Counting(count):
        if item == 1:
            print(item)
    for item in Counting(2):
        break


async def breaking(agen):
    async for item in agen:
        break


async def looping(count):
    async for item in Asynchronous(count):
        if item == 1:
            continue
        print(item)


async def looping_with_else(count):
    async for item in Asynchronous(count):
        if item == 5:
            break
    else:
        print("else")
    return 1


async def looping_never():
    async for item in Asynchronous(0):
        print(item)
    return 1


async def looping_badly():
    async for item in Asynchronous(0, ValueError):
        print(item)
    return 1


async def looping_within(
    count
):
    for number in range(count):
        async for item in Asynchronous(
            number
        ):
            print(item)


async def agen(count):
    for number in range(count):
        await asyncio.sleep(0)
        yield number


async def waiting(flag):
    if await asyncio.sleep(0, flag):
        return 1
    async with contextlib.AsyncExitStack() as stack:
        if flag is None:
            return 2
        stack.callback(print)
    return [item async for item in agen(2) if item]


async def together():
    await asyncio.gather(looping(3), looping_with_else(2), waiting(0), waiting(1), waiting(None))
    await looping_never()
    await breaking(agen(3))
    await breaking(Asynchronous(3))
    await looping_within(3)
    try:
        await looping_badly()
    except ValueError:
        pass
    if [item async for item in agen(2)]:
        print("some")


print(list(numbers(1)), list(numbers(3)))
generator = conditional()
generator.send(None)
generator.send(1)
with contextlib.suppress(StopIteration):
    generator.send(0)
generator = closed()
next(generator)
generator.close()
generator = thrown()
next(generator)
with contextlib.suppress(ValueError):
    generator.throw(ValueError())
print(list(delegating(2)), list(one_line(2)))
counting(3)
unfinished = never_finished()
next(unfinished)
other = never_finished()
for item in other:
    if item > 2:
        break
asyncio.run(together())
