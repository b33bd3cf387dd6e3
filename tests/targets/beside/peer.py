"""Starts coverage.py in the program, with the core named and branches or without, somewhere in work.py."""

import sys
import types

import coverage

core, measured, where = sys.argv[1:]
peers = []


def come(place, *functions):
    """What work.py calls."""
    if place == where and not peers:
        peers.append(coverage.Coverage(data_file=None, branch=measured == "branches"))
        peers[0].set_option("run:core", core)
        peers[0].start()


sys.modules["tool"] = types.SimpleNamespace(come=come)
come("first")
import work

peers[0].stop()
print(work.__name__)
