# A child in a folder that has been removed.
# group: isolation
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
    sys.exit(3)  # ran
me = os.path.abspath(__file__)  # ran
os.mkdir("gone")  # ran
os.chdir("gone")  # ran
os.rmdir("../gone")  # ran
print(subprocess.call([sys.executable, "-I", me, "child"]))  # ran
