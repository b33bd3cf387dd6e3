# Objects that go with the main thread's state, after all modules: their code runs for the first time then.
# group: exit-code
# known: 3.9-3.10 CPython drops the trace function of a thread before its context
import contextvars  # ran
import os  # ran
import threading  # ran


class InContext:  # ran
    write = staticmethod(os.write)  # ran

    def __del__(self):  # ran
        self.write(1, b"context\n")  # ran


class InThread:  # ran
    write = staticmethod(os.write)  # ran

    def __del__(self):  # ran
        self.write(1, b"thread\n")  # ran


variable = contextvars.ContextVar("variable")  # ran
variable.set(InContext())  # ran
local = threading.local()  # ran
local.value = InThread()  # ran
