# A child by subprocess with a preexec_fn.
# group: children
import os  # ran
import subprocess  # ran
import sys  # ran


def prepare():  # ran
    os.nice(1)  # ran


if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    print(subprocess.call([sys.executable, __file__, "child"], preexec_fn=prepare))  # ran
