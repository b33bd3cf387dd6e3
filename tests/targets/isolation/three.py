"""Waits for the file that it is told of, then starts itself once more."""
import subprocess  # ran
import sys  # ran

if len(sys.argv) > 1:  # ran
    subprocess.run(["sh", "-c", 'until test -e "$0"; do sleep 0.02; done', sys.argv[1]])  # ran
    subprocess.run([sys.executable, __file__], env={})  # ran
print("three")  # ran
