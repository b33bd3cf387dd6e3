# A child below pdb.
# group: tools
import subprocess  # ran
import sys  # ran

command = [sys.executable, "-m", "pdb", "-c", "break debugged.py:6", "-c", "continue", "-c", "next"]  # ran
done = subprocess.run(command + ["-c", "continue", "debugged.py"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)  # ran
print(done.returncode, done.stdout.decode())  # ran
