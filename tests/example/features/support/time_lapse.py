"""An event loop in which waiting takes no time: how busy the machine is changes nothing."""

import asyncio
import selectors


class _Selector(selectors.DefaultSelector):
    """Where a loop would sleep until its next timer, its clock is put forward instead."""

    def __init__(self):
        super().__init__()
        self.skipped = 0.0

    def select(self, timeout=None):
        if not timeout or timeout < 0:
            return super().select(timeout)
        events = super().select(0)
        if not events:
            self.skipped += timeout
        return events


class _Loop(asyncio.SelectorEventLoop):
    """Its clock stands still while something runs."""

    def __init__(self):
        self.clock = _Selector()
        super().__init__(self.clock)

    def time(self):
        return self.clock.skipped


def run(coroutine):
    """As asyncio.run, for coroutines that wait for nothing but timers and each other."""
    loop = _Loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()
