# A fork's child that becomes nobody and executes Python.
# group: children
# needs: root
import os  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child is", os.getuid())  # ran
    sys.exit(3)  # ran
pid = os.fork()  # ran
if pid == 0:  # ran
    os.setgroups([])  # ran
    os.setgid(65534)  # ran
    os.setuid(65534)  # ran
    if not os.access(sys.executable, os.X_OK):  # ran
        print("nobody may not execute this interpreter", flush=True)
        os._exit(77)
    os.execv(sys.executable, [sys.executable, "-B", __file__, "child"])  # ran
status = os.waitpid(pid, 0)[1] >> 8  # ran
sys.exit(status if status == 77 else 0)  # ran
