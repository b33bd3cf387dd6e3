"""A file of which some lines change."""

import sys


def first(value):
    return [
        value,
        1,
    ]


def second(value):
    if value:
        return 2
    return 3


print(first(sys.argv))
