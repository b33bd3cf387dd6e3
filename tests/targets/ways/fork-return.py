# A fork whose child goes on to the end of the program.
# group: fork
import os  # ran
import sys  # ran

pid = os.fork()  # ran
if pid == 0:  # ran
    in_child = "only the child runs this"  # ran
    sys.exit(3)  # ran
print(os.waitpid(pid, 0)[1])  # ran
