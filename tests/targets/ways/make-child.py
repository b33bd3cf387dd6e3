# Two children at once below make.
# group: children
# needs: program make
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["one"]:  # ran
    sys.exit(0)  # ran
elif sys.argv[1:] == ["two"]:  # ran
    sys.exit(0)  # ran
rules = "all: one two\none two:\n\t@env -u MAKEFLAGS %s %s $@\n" % (sys.executable, __file__)  # ran
print(subprocess.run(["make", "-j2", "-s", "-f", "-"], input=rules.encode()).returncode)  # ran
