# A thread that is the first to import a measured module, while the main thread waits.
# group: threads
import subprocess  # ran
import sys  # ran

launcher = """
import threading
def work():
    import module
thread = threading.Thread(target=work)
thread.start()
thread.join()
import module
module.work()
"""
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
