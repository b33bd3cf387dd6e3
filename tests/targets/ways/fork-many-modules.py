# A fork's child that imports 300 modules and is killed, while the parent imports 300 others.
# group: fork
# also: a/*.py:3001 b/*.py:3001
import os  # ran
import signal  # ran
import sys  # ran


def make(name):  # ran
    os.mkdir(name)  # ran
    for number in range(300):  # ran
        with open("%s/%s%d.py" % (name, name, number), "w") as stream:  # ran
            stream.write("\n" * 3000 + "last = 2\n")  # ran
    sys.path.insert(0, name)  # ran


def load(name):  # ran
    return sum(__import__(name + str(number)).last for number in range(300))  # ran


make("a")  # ran
make("b")  # ran
pid = os.fork()  # ran
if pid == 0:  # ran
    load("a")  # ran
    from late import after  # ran

    after()  # ran
    os.kill(os.getpid(), signal.SIGKILL)  # ran
print(load("b"))  # ran
print(os.waitpid(pid, 0)[1])  # ran
