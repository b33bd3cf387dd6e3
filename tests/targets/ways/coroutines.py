# Coroutines, asynchronous generators and context managers by asyncio.
# group: code
import asyncio  # ran


async def numbers():  # ran
    for number in range(3):  # ran
        await asyncio.sleep(0)  # ran
        yield number  # ran


class Context:  # ran
    async def __aenter__(self):  # ran
        await asyncio.sleep(0)  # ran
        return self  # ran

    async def __aexit__(self, *details):  # ran
        await asyncio.sleep(0)  # ran


async def cancelled():  # ran
    try:  # ran
        await asyncio.sleep(50)  # ran
        print("never")  # not run
    except asyncio.CancelledError:  # ran
        print("cancelled")  # ran
        raise  # ran


async def main():  # ran
    async with Context():  # ran
        async for number in numbers():  # ran
            print(number)  # ran
    task = asyncio.ensure_future(cancelled())  # ran
    await asyncio.sleep(0.01)  # ran
    task.cancel()  # ran
    print(await asyncio.gather(task, return_exceptions=True) != [])  # ran


asyncio.run(main())  # ran
