"""What needs processes of its own: pools, forks that end by os._exit, the command line."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from shop.work.parallel import compare_policies, price_many
from shop.work.spool import Spool, work

ROOT = Path(__file__).resolve().parents[1]


class PoolTest(unittest.TestCase):
    def test_prices_are_the_same_whatever_the_number_of_processes(self):
        self.assertEqual(price_many([], products=8, orders=120, processes=2),
                         price_many([], products=8, orders=120))

    def test_each_policy_is_simulated_in_a_process(self):
        policy = {"reorder_point": 10, "lot": 20}
        results, errors = compare_policies({"one": policy}, days=10, daily=2, lead=2)
        self.assertEqual((list(results), errors), (["one"], {}))


class SpoolTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.spool = Spool(folder.name)

    def outcome(self, kind, **arguments):
        self.spool.submit("job", kind, **arguments)
        return [(outcome.state, outcome.detail) for outcome in work(self.spool)]

    def test_a_job_is_done_by_a_child(self):
        self.assertEqual(self.outcome("echo", text="hello"), [("done", "hello")])

    def test_a_job_that_raises_has_failed(self):
        self.assertEqual(self.outcome("divide", by=0)[0][0], "failed")


class CommandLineTest(unittest.TestCase):
    def run_shop(self, *arguments, **options):
        return subprocess.run([sys.executable, "-m", "shop", *arguments], cwd=ROOT,
                              capture_output=True, text=True, check=False, **options)

    def test_the_version_is_printed(self):
        self.assertEqual(self.run_shop("--version").stdout, "shop 2.4.0\n")

    def test_a_wrong_command_is_refused(self):
        self.assertEqual(self.run_shop("nonsense").returncode, 2)
