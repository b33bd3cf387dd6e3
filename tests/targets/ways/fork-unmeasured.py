# A program that is not measured forks, and both sides run measured code first.
# group: fork
import subprocess  # ran
import sys  # ran

launcher = """
import os
pid = os.fork()
if pid == 0:
    import in_child
    os._exit(3)
os.waitpid(pid, 0)
import in_parent
"""
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
