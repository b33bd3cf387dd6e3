"""python -m stock.watcher: fills a store, says so, and waits for what never comes."""

import signal

from stock.store import Store


class Watcher:
    def __init__(self, store):
        self.seen = []
        store.watchers.append(self.saw)

    def saw(self, name):
        self.seen.append(name)
        if len(self.seen) > 3:
            self.forget()

    def forget(self):
        del self.seen[0]


def main():
    store = Store()
    watcher = Watcher(store)
    for name in ["salt", "rice", "tea"]:
        store.put(name, "1 kg")
    # On one line: who reads it may kill at once.
    print("seen", *watcher.seen, flush=True) or signal.pause()
    watcher.seen.clear()
    print("never said")


main()
