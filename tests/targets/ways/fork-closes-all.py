# A fork's child that closes every descriptor before its first line.
# group: fork
import os  # ran

pid = os.fork()  # ran
if pid == 0:  # ran
    os.closerange(0, 1000)  # ran
    in_child = "only the child runs this"  # ran
    os._exit(3)  # ran
print(os.waitpid(pid, 0)[1])  # ran
