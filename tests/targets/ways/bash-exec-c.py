# A child by bash's exec -c, which empties the environment.
# group: children
# needs: program bash
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    print(subprocess.call(["bash", "-c", 'exec -c "$0" "$1" child', sys.executable, __file__]))  # ran
