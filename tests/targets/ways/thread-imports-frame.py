# A thread starts measurement while the main thread is in the middle of unmeasured code.
# group: threads
import subprocess  # ran
import sys  # ran

launcher = """
import sys
sys.setswitchinterval(1e-5)
import threading
go = threading.Event()
def work():
    import module
    go.set()
threading.Thread(target=work).start()
n = 0
while not go.is_set():
    n += 1
import module
module.work()
exec(compile("value = 1\\nother = 2\\n", "evaluated.py", "exec"))
"""
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
