# A fork whose child is killed by SIGKILL.
# group: fork
import os  # ran
import signal  # ran
import time  # ran

reader, writer = os.pipe()  # ran
pid = os.fork()  # ran
if pid == 0:  # ran
    in_child = "only the child runs this"  # ran
    os.write(writer, b"x")  # ran
    time.sleep(50)  # ran
    print("never")  # not run
os.read(reader, 1)  # ran
time.sleep(0.05)  # ran
os.kill(pid, signal.SIGKILL)  # ran
print(os.waitpid(pid, 0)[1])  # ran
