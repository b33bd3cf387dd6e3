# A child that starts when the disk for the data is full.
# group: ends
# needs: root
# disk: 1m
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    in_child = "only the child runs this"  # ran
    print("child")  # ran
    sys.exit(3)  # ran
size = 65536  # ran
with open(os.path.join(os.environ["WAYS_DATA"], "filler"), "wb", buffering=0) as filler:  # ran
    while size:  # ran
        try:  # ran
            filler.write(b"x" * size)  # ran
        except OSError:  # ran
            size //= 2  # ran
print(subprocess.call([sys.executable, __file__, "child"]))  # ran
