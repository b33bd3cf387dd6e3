# Children with -I -S, -E, -O, -X dev and PYTHONMALLOC=debug.
# group: children
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["isolated"]:  # ran
    print("isolated")  # ran
elif sys.argv[1:] == ["no-environment"]:  # ran
    print("no environment")  # ran
elif sys.argv[1:] == ["optimized"]:  # ran
    print("optimized")  # ran
elif sys.argv[1:] == ["development"]:  # ran
    print("development")  # ran
elif sys.argv[1:] == ["debug"]:  # ran
    print("debug")  # ran
else:
    for flags in ["-I -S isolated", "-E no-environment", "-O optimized", "-Xdev development"]:  # ran
        words = flags.split()  # ran
        print(subprocess.call([sys.executable] + words[:-1] + [__file__] + words[-1:]))  # ran
    os.environ["PYTHONMALLOC"] = "debug"  # ran
    print(subprocess.call([sys.executable, __file__, "debug"]))  # ran
