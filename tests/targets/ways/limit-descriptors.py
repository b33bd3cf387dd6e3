# A child whose limit leaves no descriptor free after its start.
# group: children
import os  # ran
import resource  # ran
import subprocess  # ran
import sys  # ran


def later():  # ran
    return "ran without a free descriptor"  # ran


if sys.argv[1:] == ["child"]:  # ran
    free = os.dup(0)  # ran
    os.close(free)  # ran
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))  # ran
    print(later())  # ran
    try:  # ran
        os.dup(0)  # ran
        print("never")  # not run
    except OSError as problem:  # ran
        print(problem)  # ran
    sys.exit(4)  # ran
print(subprocess.call([sys.executable, __file__, "child"]))  # ran
