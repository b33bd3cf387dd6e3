"""Imported by a fork's child only."""


def value():  # ran
    return 3  # ran


def never():  # ran
    return 4  # not run
