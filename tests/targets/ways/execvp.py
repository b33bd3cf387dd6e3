# A program that goes on as another by os.execvp, found in PATH.
# group: children
import os  # ran
import sys  # ran

if sys.argv[1:] == ["next"]:  # ran
    print("next")  # ran
    sys.exit(3)  # ran
folder, name = os.path.split(sys.executable)  # ran
os.environ["PATH"] = "/nowhere:" + folder  # ran
os.execvp(name, [name, __file__, "next"])  # ran
print("never")  # not run
