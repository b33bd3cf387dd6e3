# A child by asyncio.
# group: children
import asyncio  # ran
import sys  # ran


async def main():  # ran
    child = await asyncio.create_subprocess_exec(sys.executable, __file__, "child")  # ran
    print("parent", await child.wait())  # ran


if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    asyncio.run(main())  # ran
