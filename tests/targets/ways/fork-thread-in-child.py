# A fork whose child starts a thread.
# group: fork
import os  # ran
import threading  # ran


def work():  # ran
    in_thread = "only the child's thread runs this"  # ran


pid = os.fork()  # ran
if pid == 0:  # ran
    thread = threading.Thread(target=work)  # ran
    thread.start()  # ran
    thread.join()  # ran
    os._exit(3)  # ran
print(os.waitpid(pid, 0)[1])  # ran
