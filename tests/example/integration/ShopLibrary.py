"""Keywords for the shop: a folder and a database of its own for each test, and the command line."""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from shop import cli
from shop.storage import build_template

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 300


class ShopLibrary:
    ROBOT_LIBRARY_SCOPE = "TEST"

    def __init__(self):
        self.folder = None

    def open_shop(self):
        """Make the test's folder, with the base data in it; returns its path."""
        self.folder = Path(tempfile.mkdtemp(prefix="shop-integration-"))
        build_template(self.database)
        return str(self.folder)

    def close_shop(self):
        shutil.rmtree(self.folder)

    @property
    def database(self):
        return self.folder / "shop.db"

    def shop_command(self, *arguments):
        """What starts the command line in a new interpreter, as a list."""
        return [sys.executable, "-m", "shop", "--database", str(self.database), *arguments]

    def shop(self, *arguments, status=0, env=None):
        """Run a command in a new interpreter; returns what it prints, errors below."""
        done = subprocess.run(
            self.shop_command(*arguments), cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=TIMEOUT, check=False)
        return self._checked(arguments, done.returncode, done.stdout + done.stderr, status)

    def shop_without_environment(self, *arguments, status=0):
        return self.shop(*arguments, status=status, env={})

    def shop_in_this_process(self, *arguments, status=0):
        """Run a command in Robot's own interpreter."""
        out = io.StringIO()
        found = cli.main(["--database", str(self.database), *arguments], out, out)
        return self._checked(arguments, found, out.getvalue(), status)

    def shop_at_once(self, count, *arguments):
        """Run the same command in several new interpreters; returns what they print together."""
        children = [
            subprocess.Popen(self.shop_command(*arguments), cwd=ROOT, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _ in range(int(count))
        ]
        return "".join(child.communicate(timeout=TIMEOUT)[0] for child in children)

    def write_file(self, name, text):
        (self.folder / name).write_text(text + "\n", encoding="utf-8")
        return os.fspath(self.folder / name)

    def read_feed(self, name):
        """The changes of a feed, {sku: change}."""
        lines = (self.folder / name).read_text(encoding="utf-8").splitlines()
        return {change["sku"]: change["change"] for change in map(json.loads, lines)}

    def _checked(self, arguments, found, text, wanted):
        if found != int(wanted):
            raise AssertionError(f"shop {' '.join(arguments)}: status {found}\n{text}")
        return text
