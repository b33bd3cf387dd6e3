# A daemon by a double fork that closes every descriptor.
# group: children
import os  # ran

reader, writer = os.pipe()  # ran
print("starting", flush=True)  # ran
if os.fork() == 0:  # ran
    os.setsid()  # ran
    if os.fork() == 0:  # ran
        os.chdir("/")  # ran
        os.umask(0)  # ran
        os.dup2(writer, 9)  # ran
        os.closerange(0, 9)  # ran
        os.write(9, b"the daemon runs")  # ran
        os._exit(0)  # ran
    os._exit(0)  # ran
os.close(writer)  # ran
os.wait()  # ran
print(os.read(reader, 100))  # ran
