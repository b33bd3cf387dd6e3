# A child that may not write to any file and is killed.
# group: children
import os  # ran
import resource  # ran
import signal  # ran
import subprocess  # ran
import sys  # ran


def limit():  # ran
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # ran


if sys.argv[1:] == ["child"]:  # ran
    print("child", flush=True)  # ran
    os.kill(os.getpid(), signal.SIGKILL)  # ran
done = subprocess.run([sys.executable, __file__, "child"], preexec_fn=limit, stdout=subprocess.PIPE)  # ran
print(done.returncode, done.stdout)  # ran
