# A fork whose child imports what the parent has not.
# group: fork
import os  # ran

pid = os.fork()  # ran
if pid == 0:  # ran
    import fork_module  # ran

    os._exit(fork_module.value())  # ran
print(os.waitpid(pid, 0)[1])  # ran
