# A child by subprocess in another folder.
# group: children
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child", os.getcwd())  # ran
else:
    print(subprocess.call([sys.executable, os.path.abspath(__file__), "child"], cwd="/"))  # ran
