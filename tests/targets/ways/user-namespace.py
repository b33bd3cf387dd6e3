# A child in a user namespace of its own.
# group: isolation
# needs: program unshare
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
    sys.exit(3)  # ran
if subprocess.call(["unshare", "--user", "true"], stderr=subprocess.DEVNULL) != 0:  # ran
    print("user namespaces are not allowed here")
    sys.exit(77)
print(subprocess.call(["unshare", "--user", sys.executable, "-B", __file__, "child"]))  # ran
