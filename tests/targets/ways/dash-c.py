# A program by -c that imports a module.
# group: code
import subprocess  # ran
import sys  # ran

print(subprocess.call([sys.executable, "-c", "import from_c; print(from_c.work())"]))  # ran
