# A child by subprocess with env={}.
# group: children
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
    sys.exit(3)  # ran
print("parent", subprocess.call([sys.executable, __file__, "child"], env={}))  # ran
