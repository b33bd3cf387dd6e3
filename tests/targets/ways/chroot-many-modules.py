# A program that goes into an empty chroot, and then runs 300 modules for the first time.
# group: isolation
# also: module*.py:3001
# needs: root
import os  # ran

codes = []  # ran
for number in range(300):  # ran
    name = os.path.abspath("module%d.py" % number)  # ran
    with open(name, "w") as stream:  # ran
        stream.write("\n" * 3000 + "value = 1\n")  # ran
    with open(name) as stream:  # ran
        codes.append(compile(stream.read(), name, "exec"))  # ran


def work():  # ran
    for code in codes:  # ran
        exec(code, {})  # ran
    return late()  # ran


def late():  # ran
    return 1  # ran


with open("after_all.py") as stream:  # ran
    codes.append(compile(stream.read(), os.path.abspath("after_all.py"), "exec"))  # ran
os.mkdir("empty")  # ran
os.chroot("empty")  # ran
os.chdir("/")  # ran
print(work(), os.listdir("/"))  # ran
