# A program that goes on as another by os.execv.
# group: children
import os  # ran
import sys  # ran

if sys.argv[1:] == ["next"]:  # ran
    print("next")  # ran
    sys.exit(3)  # ran
before = "only the first image runs this"  # ran
os.execv(sys.executable, [sys.executable, __file__, "next"])  # ran
print("never")  # not run
