# A thread that runs before the first measured module is imported, and then calls it.
# group: threads
import subprocess  # ran
import sys  # ran

launcher = """
import _thread, threading
begun, ready, done = threading.Event(), threading.Event(), threading.Event()
def work():
    begun.set()
    ready.wait()
    module.work()
    done.set()
_thread.start_new_thread(work, ())
begun.wait()
import module
ready.set()
done.wait()
"""
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
