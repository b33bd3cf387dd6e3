# The same, and it is killed in the end.
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
os.kill(os.getpid(), 9)
"""
limited = ["sh", "-c", 'ulimit -n 32; exec "$0" -c "$1"', sys.executable, launcher]  # ran
print(subprocess.call(limited))  # ran
