# A child of a shell that has limited the size of files with ulimit -f.
# group: children
# needs: program bash
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    command = ["bash", "-c", 'ulimit -f 1; "$0" "$1" child; exit $?', sys.executable, __file__]  # ran
    done = subprocess.run(command, stdout=subprocess.PIPE)  # ran
    print(done.returncode, done.stdout)  # ran
