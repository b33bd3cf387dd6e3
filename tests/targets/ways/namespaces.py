# A child in namespaces of its own: processes, mounts, network, host name.
# group: isolation
# needs: root, program unshare
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child", os.getpid())  # ran
    sys.exit(3)  # ran
apart = ["unshare", "--pid", "--fork", "--mount", "--net", "--uts"]  # ran
if subprocess.call(apart + ["true"], stderr=subprocess.DEVNULL) != 0:  # ran
    print("namespaces are not allowed here")
    sys.exit(77)
print(subprocess.call(apart + [sys.executable, __file__, "child"]))  # ran
