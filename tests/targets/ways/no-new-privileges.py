# A child that may gain no privileges, without core files and traces.
# group: isolation
import ctypes  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
    sys.exit(3)  # ran
libc = ctypes.CDLL(None)  # ran
print(libc.prctl(38, 1, 0, 0, 0), libc.prctl(4, 0, 0, 0, 0))  # ran
last = "not dumpable"  # ran
print(subprocess.call([sys.executable, __file__, "child"]))  # ran
