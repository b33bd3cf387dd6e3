"""Connections, transactions, and how a database file comes into being."""

import shutil
import sqlite3
from contextlib import contextmanager
from pathlib import Path

from shop.errors import NotFound, ShopError
from shop.storage.schema import MIGRATIONS, SEED


class Database:
    """One connection to one file. Transactions nest: the inner ones are savepoints."""

    def __init__(self, path):
        self.path = Path(path)
        self.connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA foreign_keys = ON")
        # Scratch data: losing it in a power cut costs nothing, waiting for the disk does.
        self.connection.execute("PRAGMA synchronous = OFF")
        self._depth = 0

    @classmethod
    def open(cls, path):
        """Open a file that must be there and must be of this version."""
        if not Path(path).is_file():
            raise NotFound("database", path)
        database = cls(path)
        if database.version() != len(MIGRATIONS):
            found = database.version()
            database.close()
            raise ShopError(f"database version {found}, {len(MIGRATIONS)} wanted: migrate it")
        return database

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        self.close()

    def close(self):
        self.connection.close()

    def version(self):
        return self.scalar("PRAGMA user_version")

    def migrate(self, target=None):
        """Bring the tables up to `target`; returns how many steps it took."""
        target = len(MIGRATIONS) if target is None else target
        steps = 0
        for number in range(self.version(), target):
            self.connection.executescript(MIGRATIONS[number])
            self.connection.execute(f"PRAGMA user_version = {number + 1}")
            steps += 1
        return steps

    @contextmanager
    def transaction(self):
        """All or nothing."""
        name = f"level_{self._depth}"
        self.connection.execute(f"SAVEPOINT {name}" if self._depth else "BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield self
        except BaseException:
            self._depth -= 1
            if self._depth:
                self.connection.execute(f"ROLLBACK TO {name}")
                self.connection.execute(f"RELEASE {name}")
            else:
                self.connection.execute("ROLLBACK")
            raise
        self._depth -= 1
        self.connection.execute(f"RELEASE {name}" if self._depth else "COMMIT")

    def execute(self, sql, parameters=()):
        return self.connection.execute(sql, parameters)

    def rows(self, sql, parameters=()):
        return self.connection.execute(sql, parameters).fetchall()

    def scalar(self, sql, parameters=(), default=None):
        row = self.connection.execute(sql, parameters).fetchone()
        return default if row is None or row[0] is None else row[0]

    def next_number(self, counter):
        """The next value of a counter, for numbers that must have no gaps."""
        with self.transaction():
            changed = self.execute("UPDATE counters SET value = value + 1 WHERE name = ?",
                                   (counter,)).rowcount
            if not changed:
                raise NotFound("counter", counter)
            return self.scalar("SELECT value FROM counters WHERE name = ?", (counter,))

    def problems(self):
        """What an integrity check finds, as a list of sentences."""
        found = [row[0] for row in self.rows("PRAGMA integrity_check") if row[0] != "ok"]
        for row in self.rows("PRAGMA foreign_key_check"):
            found.append(f"{row['table']} row {row['rowid']} refers to nothing in {row['parent']}")
        return found


def build_template(path, seed=True):
    """A database with all tables and the base data, for copying."""
    with Database(path) as database:
        database.migrate()
        if seed:
            database.connection.executescript(SEED)
    return Path(path)


def create_from_template(template, target):
    """A new database from a template. An existing file is not overwritten."""
    target = Path(target)
    if target.exists():
        raise ShopError(f"{target.name} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template, target)
    return target
