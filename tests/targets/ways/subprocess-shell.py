# Children by subprocess with shell=True, one of them in the background.
# group: children
import shlex  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["one"]:  # ran
    print("one")  # ran
elif sys.argv[1:] == ["two"]:  # ran
    print("two")  # ran
else:
    me = "%s %s" % (shlex.quote(sys.executable), shlex.quote(__file__))  # ran
    print(subprocess.call("%s one & wait; %s two | cat" % (me, me), shell=True))  # ran
