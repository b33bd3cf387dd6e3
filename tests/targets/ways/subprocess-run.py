# A child by subprocess.run.
# group: children
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
    sys.exit(3)  # ran
status = subprocess.run([sys.executable, "-B", __file__, "child"]).returncode  # ran
print("parent", status)  # ran
if status != 3:  # ran
    print("never")  # not run
