# Subinterpreters with locks of their own, in threads at once.
# group: isolation
# needs: 3.12+
import os  # ran
import threading  # ran

try:  # ran
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters


def run(name):  # ran
    interpreter = interpreters.create()  # ran
    text = "import sys; sys.path.insert(0, %r); import %s as module; module.work()"  # ran
    interpreters.run_string(interpreter, text % (os.getcwd(), name))  # ran
    interpreters.destroy(interpreter)  # ran


threads = [threading.Thread(target=run, args=("in_sub%d" % number,)) for number in (1, 2)]  # ran
for thread in threads:  # ran
    thread.start()  # ran
for thread in threads:  # ran
    thread.join()  # ran
after = "the main interpreter goes on"  # ran
