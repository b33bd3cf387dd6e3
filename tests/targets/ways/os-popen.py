# A child by os.popen.
# group: children
import os  # ran
import shlex  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    me = "%s %s" % (shlex.quote(sys.executable), shlex.quote(__file__))  # ran
    with os.popen(me + " child") as pipe:  # ran
        print(pipe.read())  # ran
