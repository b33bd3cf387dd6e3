# Threads by asyncio's run_in_executor.
# group: threads
import asyncio  # ran


def work(value):  # ran
    return value * value  # ran


async def main():  # ran
    loop = asyncio.get_running_loop()  # ran
    print(await loop.run_in_executor(None, work, 3))  # ran


asyncio.run(main())  # ran
