"""A function that ran once is as CPython made it: with its superinstructions, where they can be lost (3.12)."""
import sys  # ran


def load_and_store(a, b):  # ran
    c = d = a  # ran
    e = a, 1, b, d, c  # ran
    if a:  # ran
        d = c  # ran
    return e, c, d  # ran


def is_as_made():  # ran
    return bytecode() == made  # ran


def bytecode():  # ran
    """All behind the RESUME."""
    return getattr(load_and_store.__code__, "_co_code_adaptive", b"")[2:]  # ran


made = bytecode()  # ran
print(load_and_store(1, 2))  # ran
print(is_as_made() or sys.version_info[:2] != (3, 12))  # ran
