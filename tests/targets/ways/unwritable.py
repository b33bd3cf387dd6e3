# A program in a folder that it may not write to.
# group: isolation
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child", os.listdir("."))  # ran
    sys.exit(3)  # ran
os.mkdir("empty", 0o555)  # ran
print(subprocess.call([sys.executable, os.path.abspath(__file__), "child"], cwd="empty"))  # ran
