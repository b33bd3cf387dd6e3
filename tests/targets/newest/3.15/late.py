"""Imported when its name is first used."""

VALUE = 3


def double(number):
    return number * 2


def never():
    return 0
