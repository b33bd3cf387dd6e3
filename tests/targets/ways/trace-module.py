# A child below the trace module.
# group: tools
import subprocess  # ran
import sys  # ran

command = [sys.executable, "-m", "trace", "--count", "-C", "counts", "traced_program.py"]  # ran
print(subprocess.call(command))  # ran
with open("counts/traced_program.cover") as stream:  # ran
    print(stream.read())  # ran
