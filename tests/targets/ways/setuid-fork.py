# A fork's child that becomes nobody.
# group: children
# needs: root
import os  # ran


def later():  # ran
    print("child is", os.getuid(), flush=True)  # ran


pid = os.fork()  # ran
if pid == 0:  # ran
    os.setgroups([])  # ran
    os.setgid(65534)  # ran
    os.setuid(65534)  # ran
    later()  # ran
    os._exit(3)  # ran
print(os.waitpid(pid, 0)[1])  # ran
