# Forks' children that become nobody at the same moment, each of which executes Python for lines of its own.
# group: children
# needs: root
import os  # ran
import sys  # ran

if sys.argv[1:] == ["0"]:  # ran
    first = True  # ran
elif sys.argv[1:] == ["1"]:  # ran
    second = True  # ran
elif sys.argv[1:] == ["2"]:  # ran
    third = True  # ran
elif sys.argv[1:] == ["3"]:  # ran
    fourth = True  # ran
if len(sys.argv) > 1:  # ran
    sys.exit(0)  # ran
waiting, starter = os.pipe()  # ran
children = []  # ran
for number in range(4):  # ran
    pid = os.fork()  # ran
    if pid == 0:  # ran
        os.setgroups([])  # ran
        os.setgid(65534)  # ran
        os.read(waiting, 1)  # ran
        os.setuid(65534)  # ran
        if not os.access(sys.executable, os.X_OK):  # ran
            print("nobody may not execute this interpreter", flush=True)
            os._exit(77)
        os.execv(sys.executable, [sys.executable, "-B", __file__, str(number)])  # ran
    children.append(pid)  # ran
os.write(starter, b"1234")  # ran
statuses = {os.waitpid(pid, 0)[1] >> 8 for pid in children}  # ran
print(statuses)  # ran
sys.exit(77 if 77 in statuses else 0)  # ran
