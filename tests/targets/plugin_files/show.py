"""Runs what pages/page.list was made into: lines 2, 4 (line 3's), 7 and, without a word, 8."""
import sys

TEXT = "\na = 1\n\nb = 2\n\n\nif len(__import__('sys').argv) > 1:\n  c = 3\n"
exec(compile(TEXT, __file__.replace("show.py", "pages/page.list"), "exec"), {})
print("done", *sys.argv[1:])
