# A child by env -i below sh below env -i.
# group: children
import shlex  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    me = "%s %s" % (shlex.quote(sys.executable), shlex.quote(__file__))  # ran
    print(subprocess.call(["env", "-i", "sh", "-c", "env -i A=b sh -c 'exec env -i %s child'" % me]))  # ran
