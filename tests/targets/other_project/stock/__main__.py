"""The command line: python -m stock FILE put|take|list [NAME QUANTITY]"""

import sys
from pathlib import Path

from stock.store import Store, StoreError


def main(argv):
    path, command, *rest = argv
    path = Path(path)
    store = Store.load(path) if path.exists() else Store()
    match_command = {"put": store.put, "take": store.take}
    if command == "list":
        from stock.listing import render

        print(render(store, title=rest[0] if rest else None))
        return 0
    if command not in match_command:
        print(f"unknown command {command}", file=sys.stderr)
        return 2
    try:
        with store.transaction():
            match_command[command](*rest)
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    store.save(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
