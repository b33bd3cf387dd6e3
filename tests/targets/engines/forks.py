import os  # ran


def parents():  # ran
    return "parent"  # ran


def childs():  # ran
    return "child"  # ran


def grandchilds():  # ran
    return "grandchild"  # ran


before = parents()  # ran
if os.fork() == 0:  # ran
    childs()  # ran
    if os.fork() == 0:  # ran
        grandchilds()  # ran
        os._exit(0)  # ran
    os.wait()  # ran
    os._exit(0)  # ran
os.wait()  # ran
print("done")  # ran
