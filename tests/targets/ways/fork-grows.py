# A parent that imports 300 modules after a fork, while its child runs on.
# group: fork
# also: a/*.py:3001
import os  # ran
import sys  # ran


def make(name):  # ran
    os.mkdir(name)  # ran
    for number in range(300):  # ran
        with open("%s/%s%d.py" % (name, name, number), "w") as stream:  # ran
            stream.write("\n" * 3000 + "last = 2\n")  # ran
    sys.path.insert(0, name)  # ran


def work():  # ran
    in_child = "the child runs this at last"  # ran


make("a")  # ran
reader, writer = os.pipe()  # ran
pid = os.fork()  # ran
if pid == 0:  # ran
    os.read(reader, 1)  # ran
    work()  # ran
    os._exit(3)  # ran
print(sum(__import__("a" + str(number)).last for number in range(300)))  # ran
os.write(writer, b"x")  # ran
print(os.waitpid(pid, 0)[1])  # ran
