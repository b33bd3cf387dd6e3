# A child by env -i.
# group: children
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    print(subprocess.call(["env", "-i", sys.executable, __file__, "child"]))  # ran
