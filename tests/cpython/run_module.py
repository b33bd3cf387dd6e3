"""Runs a module of CPython's own tests, and writes what became of each test as soon as it is known.

usage: PYTHON run_module.py MODULE RESULTS [TEST_ID…]

Each line of RESULTS is a JSON list: the test's name, its outcome, and the last line of what it says. Where the process dies,
the last test that was begun is the one without an outcome. With test ids only those run. Written for CPython 3.8 and newer.
"""

import json
import os
import sys
import unittest


class Noting(unittest.TestResult):
    def __init__(self, stream):
        super().__init__()
        self.stream, self.done = stream, None

    def note(self, test, outcome, text=""):
        self.done = test
        lines = str(text).strip().splitlines()
        # The descriptor is no file object of Python's: tests look for those that are left open.
        os.write(self.stream, json.dumps([test.id(), outcome, lines[-1][:300] if lines else ""]).encode() + b"\n")

    def startTest(self, test):
        super().startTest(test)
        self.note(test, "begun")

    def addSuccess(self, test):
        self.note(test, "passed")

    def addFailure(self, test, error):
        self.note(test, "failed", self._exc_info_to_string(error, test))

    def addError(self, test, error):
        self.note(test, "failed with an error", self._exc_info_to_string(error, test))

    def addSkip(self, test, reason):
        self.note(test, "skipped", reason)

    def addExpectedFailure(self, test, error):
        self.note(test, "failed as expected")

    def addUnexpectedSuccess(self, test):
        self.note(test, "passed unexpectedly")

    def addSubTest(self, test, subtest, error):
        if error is not None:
            failed = issubclass(error[0], test.failureException)
            self.note(subtest, "failed" if failed else "failed with an error", self._exc_info_to_string(error, test))


def keep(suite, wanted):
    """The suite with the wanted tests alone."""
    kept = unittest.TestSuite()
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            kept.addTest(keep(test, wanted))
        elif test.id() in wanted:
            kept.addTest(test)
    return kept


def main(module, results, *wanted):
    from test import support

    # None of what takes a network, a screen, much space or a long time.
    support.use_resources = []
    support.verbose = 0
    # Above what a test's own children get, as regrtest has it.
    stream = os.dup2(os.open(results, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 200, inheritable=False)
    try:
        suite = unittest.defaultTestLoader.loadTestsFromName("test." + module)
    except unittest.SkipTest as problem:
        os.write(stream, json.dumps([module, "skipped", str(problem)]).encode() + b"\n")
        return
    if wanted:
        suite = keep(suite, wanted)
    suite.run(Noting(stream))
    os.write(stream, json.dumps(["", "ended", ""]).encode() + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
