# A child by os.forkpty.
# group: fork
import os  # ran

pid, terminal = os.forkpty()  # ran
if pid == 0:  # ran
    print("child", os.isatty(0), flush=True)  # ran
    os._exit(3)  # ran
text = b""  # ran
while not text.endswith(b"\n"):  # ran
    text += os.read(terminal, 100)  # ran
print(text)  # ran
print(os.waitpid(pid, 0)[1])  # ran
