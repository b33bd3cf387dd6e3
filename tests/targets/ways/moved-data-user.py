# The folder with the data is moved while a fork's child that became nobody records into it.
# group: isolation
# needs: root
# also: many/*.py:3001
import os  # ran
import sys  # ran

os.mkdir("many")  # ran
for number in range(300):  # ran
    with open("many/many%d.py" % number, "w") as stream:  # ran
        stream.write("\n" * 3000 + "value = 1\n")  # ran
sys.path.insert(0, "many")  # ran
is_user, to_parent = os.pipe()  # ran
is_moved, to_child = os.pipe()  # ran


def later():  # ran
    os.write(to_parent, b".")  # ran
    os.read(is_moved, 1)  # ran
    for number in range(300):  # ran
        __import__("many%d" % number)  # ran
    import after_many  # ran

    print("child is", os.getuid(), after_many.last(), flush=True)  # ran


pid = os.fork()  # ran
if pid == 0:  # ran
    os.setgroups([])  # ran
    os.setgid(65534)  # ran
    os.setuid(65534)  # ran
    later()  # ran
    os._exit(0)  # ran
os.read(is_user, 1)  # ran
os.rename(os.environ["WAYS_DATA"], os.environ["WAYS_DATA"] + "-moved")  # ran
os.write(to_child, b".")  # ran
print(os.waitpid(pid, 0)[1])  # ran
