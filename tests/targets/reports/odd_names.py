"""Writes programs whose file names are hard on reports, and runs them.

usage: odd_names.py [bytes]   (also one whose name is not UTF-8, which coverage.py can't store)
"""

import os
import runpy
import sys

NAMES = [
    "<script>alert(1)<",
    "two\nlines.py",
    "TN:\nend_of_record\nSF:forged.py",
    "quo'te\"d & co.py",
    "tab\tbell\a\x1b[31m.py",
    "star*_`code`_[x](y)|z.py",
    "\u00e9t\u00e9 \u65e5\u672c.py",
    "bidi\u202ecod.py",
    "]]>.py",
]
PROGRAM = "def used():\n    return 1\n\n\ndef unused():\n    return 2\n\n\nif used() > 1:\n    unused()\n"

names = [os.fsencode(name) for name in NAMES]
if "bytes" in sys.argv:
    names.append(b"caf\xe9 \xff.py")
for name in names:
    path = os.path.join(os.getcwdb(), b"odd", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not path.endswith(b".py"):
        path = os.path.join(path, b"script>.py")
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(PROGRAM)
    runpy.run_path(os.fsdecode(path))
