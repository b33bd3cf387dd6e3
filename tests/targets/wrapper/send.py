"""Starts the command that is named as a group of its own and sends it signals: some to the process, some to the
group, some by its own alarm."""
import ctypes
import os
import signal
import subprocess
import sys
import time


class Job:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        assert self.process.stdout.readline() == b"ready\n"

    def one(self, number):
        self.process.send_signal(number)
        time.sleep(0.05)

    def group(self, number):
        os.killpg(self.process.pid, number)
        time.sleep(0.05)

    def value(self, value):
        ctypes.CDLL(None).sigqueue(self.process.pid, signal.SIGRTMIN + 1, ctypes.c_void_p(value))
        time.sleep(0.05)


job = Job(sys.argv[1:])
for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGWINCH", "SIGPIPE"):
    number = getattr(signal, name)
    job.one(number)
    job.group(number)
job.group(signal.SIGTERM)
job.one(signal.SIGUSR1)
job.group(signal.SIGINT)
for value in (4, 2):
    job.value(value)
print(job.process.stdout.read().decode(), end="")
print("status", job.process.wait())
