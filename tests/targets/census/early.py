"""Stops children between their exec and their first instruction, and ends them there."""
import ctypes
import os
import signal
import sys

libc = ctypes.CDLL(None)
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        libc.ptrace(0, 0, 0, 0)  # PTRACE_TRACEME: the exec stops it
        os.execv(sys.executable, [sys.executable, "child.py", "now"])
    _, status = os.waitpid(pid, 0)
    assert os.WIFSTOPPED(status), status
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
