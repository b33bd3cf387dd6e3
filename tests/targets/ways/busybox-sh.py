# A child of a busybox shell that may be static.
# group: children
# needs: program busybox
import shutil  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    command = '"$0" "$1" child; exit $?'  # ran
    print(subprocess.call([shutil.which("busybox"), "sh", "-c", command, sys.executable, __file__]))  # ran
