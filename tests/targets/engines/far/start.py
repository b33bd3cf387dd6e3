import os
import subprocess
import sys

os.makedirs("elsewhere", exist_ok=True)
child = os.path.abspath(os.path.join("far", "child.py"))
print(subprocess.call([sys.executable, *sys.argv[1:], child], cwd="elsewhere", env={}))
