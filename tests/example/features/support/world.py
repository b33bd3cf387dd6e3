"""A scenario's own folder and database, and the ways to start the application."""

import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from shop import cli
from shop.domain.billing import Billing
from shop.domain.catalog import Catalog
from shop.domain.orders import Orders
from shop.domain.stock import Stock
from shop.pricing.engine import PricingEngine
from shop.plugins import Hooks
from shop.storage import Database, Store, create_from_template
from support.template import template_path

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 300


class World:
    def __init__(self):
        template = template_path()
        self.folder = Path(tempfile.mkdtemp(prefix="shop-scenario-"))
        try:
            self.database_path = create_from_template(template, self.folder / "shop.db")
        except OSError:
            self.folder.rmdir()
            raise
        self._database = None
        self.hooks = Hooks()
        self.rules = []
        self.status = None
        self.out = self.err = ""
        self.result = self.error = None
        self.orders_made = {}

    def close(self):
        if self._database is not None:
            self._database.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def store(self):
        if self._database is None:
            self._database = Database.open(self.database_path)
        return Store(self._database)

    @property
    def stock(self):
        return Stock(self.store)

    @property
    def catalog(self):
        return Catalog(self.store)

    @property
    def billing(self):
        return Billing(self.store)

    @property
    def engine(self):
        return PricingEngine(self.rules, hooks=self.hooks)

    @property
    def orders(self):
        return Orders(self.store, self.engine, self.hooks)

    def attempt(self, function, *args, **kwargs):
        """Call a function and keep its result, or the error if there is one."""
        self.result = self.error = None
        try:
            self.result = function(*args, **kwargs)
        except Exception as error:
            self.error = error
        return self.result

    def words(self, command):
        """A command as a list; {dir} stands for the scenario's folder, {python} for itself."""
        text = command.replace("{dir}", str(self.folder))
        words = shlex.split(text)
        assert words[0] == "shop", f"not the shop: {command}"
        return ["--database", str(self.database_path), *words[1:]]

    def call(self, command):
        """Run the command line in this process."""
        out, err = io.StringIO(), io.StringIO()
        stdout, stderr = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = out, err  # argparse prints there by itself
        try:
            self.status = cli.main(self.words(command), out, err)
        finally:
            sys.stdout, sys.stderr = stdout, stderr
        self.out, self.err = out.getvalue(), err.getvalue()

    def start(self, command, env=None, extra=None, stdin=None):
        """Run the command line in a new interpreter."""
        if env is None:
            env = {**os.environ, **(extra or {})}
        done = subprocess.run(
            [sys.executable, "-m", "shop", *self.words(command)],
            cwd=ROOT, env=env, input=stdin, capture_output=True, text=True, timeout=TIMEOUT,
            check=False)
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr

    def fork(self, command):
        """Run the command line in a forked child that ends with os._exit."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            status = 99
            try:
                os.close(reading)
                with os.fdopen(writing, "w", encoding="utf-8") as stream:
                    status = cli.main(self.words(command), stream, stream)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as stream:
            self.out = self.err = stream.read()
        self.status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
