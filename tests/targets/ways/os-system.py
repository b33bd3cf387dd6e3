# A child by os.system.
# group: children
import os  # ran
import shlex  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    me = "%s %s" % (shlex.quote(sys.executable), shlex.quote(__file__))  # ran
    print(os.system(me + " child"))  # ran
