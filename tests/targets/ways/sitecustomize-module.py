# A sitecustomize module of the project, which is imported before the program.
# group: code
import os  # ran
import subprocess  # ran
import sys  # ran

os.environ["PYTHONPATH"] = os.path.abspath("site")  # ran
print(subprocess.call([sys.executable, "-c", "pass"]))  # ran
