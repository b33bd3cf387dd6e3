# A child on a pseudo terminal by pty.fork.
# group: children
import os  # ran
import pty  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child", os.isatty(1))  # ran
    sys.exit(3)  # ran
pid, terminal = pty.fork()  # ran
if pid == 0:  # ran
    os.execv(sys.executable, [sys.executable, __file__, "child"])  # ran
text = b""  # ran
while not text.endswith(b"\n"):  # ran
    text += os.read(terminal, 100)  # ran
print(text)  # ran
print(os.waitpid(pid, 0)[1])  # ran
