# A program that goes on as another by os.execle, twice.
# group: children
import os  # ran
import sys  # ran

if sys.argv[1:] == ["last"]:  # ran
    print("last", os.environ["A"])  # ran
    sys.exit(3)  # ran
if sys.argv[1:] == ["next"]:  # ran
    os.execle(sys.executable, sys.executable, __file__, "last", {"A": "b"})  # ran
before = "only the first image runs this"  # ran
os.execle(sys.executable, sys.executable, __file__, "next", {})  # ran
print("never")  # not run
