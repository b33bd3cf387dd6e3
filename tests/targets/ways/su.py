# A child as nobody by su, which starts a shell.
# group: children
# needs: root, program su
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child is", os.getuid())  # ran
    sys.exit(3)  # ran
become = ["su", "nobody", "-s", "/bin/sh", "-c"]  # ran
if subprocess.call(become + ["test -x " + sys.executable], stderr=subprocess.DEVNULL) != 0:  # ran
    print("nobody may not execute this interpreter")
    sys.exit(77)
print(subprocess.call(become + ["%s -B %s child" % (sys.executable, __file__)]))  # ran
