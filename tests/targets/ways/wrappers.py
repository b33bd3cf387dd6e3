# A child below timeout, nice, setsid, nohup and stdbuf.
# group: children
# needs: program timeout, program stdbuf, program setsid
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    command = ["timeout", "50", "nice", "setsid", "-w", "nohup", "stdbuf", "-oL"]  # ran
    print(subprocess.call(command + [sys.executable, __file__, "child"], stdin=subprocess.DEVNULL))  # ran
