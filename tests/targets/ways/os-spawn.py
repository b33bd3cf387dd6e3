# Children by os.spawnv, os.spawnve with an empty environment and os.spawnlp.
# group: children
import os  # ran
import sys  # ran

if sys.argv[1:] == ["v"]:  # ran
    print("v")  # ran
elif sys.argv[1:] == ["ve"]:  # ran
    print("ve")  # ran
elif sys.argv[1:] == ["lp"]:  # ran
    print("lp")  # ran
else:
    print(os.spawnv(os.P_WAIT, sys.executable, [sys.executable, __file__, "v"]))  # ran
    print(os.spawnve(os.P_WAIT, sys.executable, [sys.executable, __file__, "ve"], {}))  # ran
    print(os.spawnlp(os.P_WAIT, sys.executable, sys.executable, __file__, "lp"))  # ran
