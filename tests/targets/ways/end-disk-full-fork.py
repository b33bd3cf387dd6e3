# A fork's child that imports modules when the disk for the data is full, and is killed.
# group: ends
# needs: root
# disk: 1m
import os  # ran
import signal  # ran

size = 65536  # ran
with open(os.path.join(os.environ["WAYS_DATA"], "filler"), "wb", buffering=0) as filler:  # ran
    while size:  # ran
        try:  # ran
            filler.write(b"x" * size)  # ran
        except OSError:  # ran
            size //= 2  # ran
pid = os.fork()  # ran
if pid == 0:  # ran
    import full_disk_module  # ran

    full_disk_module.work()  # ran
    os.kill(os.getpid(), signal.SIGKILL)  # ran
print(os.waitpid(pid, 0)[1])  # ran
