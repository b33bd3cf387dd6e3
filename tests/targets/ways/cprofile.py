# A child below cProfile.
# group: tools
import subprocess  # ran
import sys  # ran

print(subprocess.call([sys.executable, "-m", "cProfile", "-o", "profile", "profiled.py"]))  # ran
