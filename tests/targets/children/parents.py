"""parents.py KIND: starts child.py in one of the ways in which an environment gets lost."""
import os
import subprocess
import sys

kind = sys.argv[1]
child = [sys.executable, os.path.abspath("child.py")]
if kind == "empty":
    subprocess.run(child, env={}, check=True)
elif kind == "replaced":
    subprocess.run(child, env={"LD_PRELOAD": "", "COVFORK_DIR": "/nowhere", "PATH": "/bin"}, check=True)
elif kind == "other folder":
    subprocess.run(child, env={}, cwd="/", check=True)
elif kind == "session":
    subprocess.run(child, env={}, start_new_session=True, check=True)
elif kind == "shell":
    subprocess.run(" ".join(child), shell=True, env={}, check=True)
elif kind == "spawn":
    os.waitpid(os.posix_spawn(child[0], child, {}), 0)
elif kind == "system":
    os.environ.clear()
    os.system(" ".join(child))
elif kind == "close all":
    os.closerange(3, 4096)
    subprocess.run(child, env={}, close_fds=True, check=True)
