"""Runs the command that is named as a shell runs a job, on a terminal of its own: stops it with Ctrl-Z, continues
it, lets it read a line in the background and in the foreground, and ends it with Ctrl-C."""
import os
import pty
import select
import signal
import sys
import time


def report(what, pid, options=0):
    """How the job is, as a shell is told."""
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        done, status = os.waitpid(pid, options | os.WNOHANG)
        if done:
            if os.WIFSTOPPED(status):
                print(what, "stopped", signal.Signals(os.WSTOPSIG(status)).name, flush=True)
            elif os.WIFEXITED(status):
                print(what, "status", os.WEXITSTATUS(status), flush=True)
            else:
                print(what, "status", 128 + os.WTERMSIG(status), flush=True)
            return
        time.sleep(0.01)
    print(what, "hangs", flush=True)


def foreground(group):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    os.tcsetpgrp(0, group)


def say(text):
    """To whoever holds the terminal's other end, which types."""
    os.write(3, text.encode())


def shell(command):
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.close(3)
        foreground(os.getpid())
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execvp(command[0], command)
    try:
        os.setpgid(job, job)
    except OSError:
        pass
    say("r")  # Ctrl-Z, once it is ready
    report("Ctrl-Z", job, os.WUNTRACED)
    foreground(os.getpgrp())
    os.killpg(job, signal.SIGCONT)
    report("in the background", job, os.WUNTRACED)  # where it reads
    foreground(job)
    os.killpg(job, signal.SIGCONT)
    say("l")  # a line
    say("i")  # Ctrl-C, once it has that
    report("Ctrl-C", job, os.WUNTRACED)
    foreground(os.getpgrp())


def main(command):
    read, write = os.pipe()
    child, terminal = pty.fork()
    if child == 0:
        os.close(read)
        if write != 3:
            os.dup2(write, 3)
            os.close(write)
        shell(command)
        os._exit(0)
    os.close(write)
    output = b""
    wanted = []
    end = time.monotonic() + 60
    while time.monotonic() < end:
        readable, _, _ = select.select([terminal, read], [], [], 0.05)
        if read in readable:
            wanted += list(os.read(read, 100).decode())
            if not wanted and not select.select([terminal], [], [], 0)[0]:
                break
        if terminal in readable:
            try:
                output += os.read(terminal, 1000)
            except OSError:
                break
        if wanted[:1] == ["r"] and b"ready" in output:
            os.write(terminal, b"\x1a")
            wanted.pop(0)
        elif wanted[:1] == ["l"]:
            os.write(terminal, b"line\n")
            wanted.pop(0)
        elif wanted[:1] == ["i"] and b"got line" in output:
            os.write(terminal, b"\x03")
            wanted.pop(0)
    os.waitpid(child, 0)
    for line in output.decode().splitlines():
        print(line.replace("^Z", "").replace("^C", "").strip())


main(sys.argv[1:])
