# The folder with the data is moved while the program runs, which then starts a child.
# group: isolation
import os  # ran
import subprocess  # ran
import sys  # ran


def work():  # ran
    return 1  # ran


if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
    sys.exit(3)  # ran
os.rename(os.environ["WAYS_DATA"], os.environ["WAYS_DATA"] + "-moved")  # ran
work()  # ran
pid = os.fork()  # ran
if pid == 0:  # ran
    in_fork = "only the fork's child runs this"  # ran
    os._exit(0)  # ran
os.waitpid(pid, 0)  # ran
print(subprocess.call([sys.executable, __file__, "child"]))  # ran
print(os.path.exists(os.environ["WAYS_DATA"]))  # ran
