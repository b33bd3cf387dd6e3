# A child that is written to and read from, and then ended by terminate().
# group: children
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    for line in sys.stdin:  # ran
        print("child has", line.strip(), flush=True)  # ran
    print("never")  # not run
else:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}  # ran
    child = subprocess.Popen([sys.executable, __file__, "child"], **pipes)  # ran
    child.stdin.write(b"a line\n")  # ran
    child.stdin.flush()  # ran
    print(child.stdout.readline())  # ran
    child.terminate()  # ran
    print(child.wait())  # ran
