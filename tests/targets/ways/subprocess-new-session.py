# A child by subprocess in a session of its own.
# group: children
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child", os.getsid(0) == os.getpid())  # ran
else:
    print(subprocess.call([sys.executable, __file__, "child"], start_new_session=True))  # ran
