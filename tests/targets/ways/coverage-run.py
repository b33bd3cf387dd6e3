# A child below coverage run.
# group: tools
# needs: module coverage
import subprocess  # ran
import sys  # ran

command = [sys.executable, "-m", "coverage", "run", "--data-file=inner", "covered.py"]  # ran
print(subprocess.call(command))  # ran
command[3:] = ["report", "--data-file=inner", "-m"]  # ran
print(subprocess.call(command))  # ran
