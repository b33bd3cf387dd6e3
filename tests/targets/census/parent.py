"""parent.py PROGRAM...: runs each with this Python, one after the other."""
import subprocess
import sys

for program in sys.argv[1:]:
    subprocess.run([sys.executable, program])
