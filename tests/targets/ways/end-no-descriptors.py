# A program without a free descriptor when its first measured line runs, to its end.
# group: ends
import subprocess  # ran
import sys  # ran

launcher = """
import os
text = open("module.py").read()
code = compile(text, os.path.abspath("module.py"), "exec")
try:
    while True:
        os.dup(0)
except OSError:
    pass
exec(code, {"__name__": "module"})
"""
limited = ["sh", "-c", 'ulimit -n 32; exec "$0" -c "$1"', sys.executable, launcher]  # ran
print(subprocess.call(limited))  # ran
