# A program on standard input that imports a module.
# group: code
import subprocess  # ran
import sys  # ran

text = b"import from_stdin\nprint(from_stdin.work())\n"  # ran
print(subprocess.run([sys.executable], input=text).returncode)  # ran
print(subprocess.run([sys.executable, "-"], input=b"import from_stdin_too").returncode)  # ran
