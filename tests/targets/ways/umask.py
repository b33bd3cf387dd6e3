# A child with a umask of 0777.
# group: isolation
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
    sys.exit(3)  # ran
os.umask(0o777)  # ran
print(subprocess.call([sys.executable, "-B", __file__, "child"]))  # ran
