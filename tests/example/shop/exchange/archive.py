"""The whole database as one JSON document, and back."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from shop.errors import InvalidValue
from shop.storage.schema import MIGRATIONS

TABLES = ["customers", "products", "orders", "lines", "movements", "invoices", "payments", "jobs"]


def _digest(data):
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def dump(store, path):
    """Write everything; returns the checksum."""
    data = {name: [asdict(record) for record in getattr(store, name)] for name in TABLES}
    checksum = _digest(data)
    document = {"format": "shop", "version": len(MIGRATIONS), "checksum": checksum, "data": data}
    Path(path).write_text(json.dumps(document, indent=1), encoding="utf-8")
    return checksum


def read(path):
    """The data of an archive, after a look at its checksum."""
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise InvalidValue(f"{Path(path).name}: not JSON: {error.msg}") from error
    match document:
        case {"format": "shop", "version": int(version), "checksum": checksum, "data": data}:
            if version != len(MIGRATIONS):
                raise InvalidValue(f"archive of version {version}, not {len(MIGRATIONS)}")
            if checksum != _digest(data):
                raise InvalidValue(f"{Path(path).name}: the checksum is wrong")
            return data
        case _:
            raise InvalidValue(f"{Path(path).name} is no archive of a shop")


def restore(store, path):
    """Put the data of an archive in place of all that is there; returns the number of rows."""
    data = read(path)
    count = 0
    with store.transaction():
        for name in reversed(TABLES):
            store.database.execute(f"DELETE FROM {name}")
        for name in TABLES:
            for row in data[name]:
                marks = ", ".join("?" for _ in row)
                store.database.execute(
                    f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
                count += 1
    return count


def compare(left, right):
    """What differs between two archives: (table, key, what) triples."""
    for name in TABLES:
        before = {row["id"]: row for row in left.get(name, [])}
        after = {row["id"]: row for row in right.get(name, [])}
        for key in sorted(before.keys() | after.keys()):
            if key not in after:
                yield name, key, "gone"
            elif key not in before:
                yield name, key, "new"
            elif changed := [c for c in before[key] if before[key][c] != after[key].get(c)]:
                yield name, key, "changed: " + ", ".join(changed)
