# A child by os.system after os.environ.clear().
# group: children
import os  # ran
import shlex  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    me = "%s %s" % (shlex.quote(sys.executable), shlex.quote(__file__))  # ran
    os.environ.clear()  # ran
    print(os.system(me + " child"))  # ran
