"""Imported when the child's file has grown."""


def after():  # ran
    return 3  # ran
