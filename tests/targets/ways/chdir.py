# A program that changes its folder, with relative file names, and removes the folder.
# group: isolation
import os  # ran
import sys  # ran

os.mkdir("below")  # ran
os.mkdir("gone")  # ran
sys.path.insert(0, "")  # ran
with open("relative.py") as stream:  # ran
    code = compile(stream.read(), "relative.py", "exec")  # ran
exec(code)  # ran
os.chdir("gone")  # ran
os.rmdir("../gone")  # ran
after = "in a folder that is gone"  # ran
os.chdir("/")  # ran
last = "in the root folder"  # ran
