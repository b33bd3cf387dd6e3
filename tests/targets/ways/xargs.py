# Two children at once by xargs.
# group: children
# needs: program xargs
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["one"]:  # ran
    sys.exit(0)  # ran
elif sys.argv[1:] == ["two"]:  # ran
    sys.exit(0)  # ran
command = ["xargs", "-n1", "-P2", sys.executable, __file__]  # ran
print(subprocess.run(command, input=b"one two").returncode)  # ran
