# Code objects that come and go: the address of one is soon that of another, of another file.
# group: code
# also: one.py:1 one.py:2 two.py:3 two.py:4
import os  # ran

FILES = {}  # ran
for name, empty in (("one.py", 0), ("two.py", 2)):  # ran
    with open(name, "w") as file:  # ran
        file.write("\n" * empty + "def work():\n    return 1\n")  # ran
    path = os.path.abspath(name)  # ran
    FILES[path] = open(path).read()  # ran


def run(path, text):  # ran
    names = {"__name__": "made"}  # ran
    exec(compile(text, path, "exec"), names)  # ran
    return names["work"]()  # ran


total = 0  # ran
for i in range(2000):  # ran
    for path, text in FILES.items():  # ran
        total += run(path, text)  # ran
print(total)  # ran
