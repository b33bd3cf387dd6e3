# A child by the env -i of a busybox that may be static.
# known: 3.8-3.99 the busybox that is installed here is static, and empties the environment itself
# group: children
# needs: program busybox
import shutil  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    print(subprocess.call([shutil.which("busybox"), "env", "-i", sys.executable, __file__, "child"]))  # ran
