# A fork's child that goes into an empty chroot.
# group: isolation
# needs: root
import os  # ran


def work():  # ran
    print("in the chroot", os.listdir("/"), flush=True)  # ran


os.mkdir("empty")  # ran
pid = os.fork()  # ran
if pid == 0:  # ran
    os.chroot("empty")  # ran
    os.chdir("/")  # ran
    work()  # ran
    os._exit(3)  # ran
print(os.waitpid(pid, 0)[1])  # ran
