# A child as nobody by setpriv.
# group: children
# needs: root, program setpriv
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child is", os.getuid())  # ran
    sys.exit(3)  # ran
become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]  # ran
if subprocess.call(become + ["test", "-x", sys.executable]) != 0:  # ran
    print("nobody may not execute this interpreter")
    sys.exit(77)
print(subprocess.call(become + [sys.executable, "-B", __file__, "child"]))  # ran
