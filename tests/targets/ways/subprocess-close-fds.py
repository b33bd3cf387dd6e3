# A child by subprocess with close_fds=True, and one with close_fds=False.
# group: children
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["closed"]:  # ran
    print("closed", sorted(os.listdir("/proc/self/fd")))  # ran
elif sys.argv[1:] == ["open"]:  # ran
    print("open", sorted(os.listdir("/proc/self/fd")))  # ran
else:
    print(subprocess.call([sys.executable, __file__, "closed"], close_fds=True))  # ran
    reader, writer = os.pipe()  # ran
    os.set_inheritable(writer, True)  # ran
    print(subprocess.call([sys.executable, __file__, "open"], close_fds=False))  # ran
