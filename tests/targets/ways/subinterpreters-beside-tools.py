# Subinterpreters with locks of their own make and free code, while the main one takes tool ids.
# group: isolation
# needs: 3.12+
import os  # ran
import sys  # ran
import threading  # ran
import time  # ran

try:  # ran
    import _interpreters as interpreters

    create = lambda: interpreters.create("isolated")
except ImportError:
    import _xxsubinterpreters as interpreters

    create = lambda: interpreters.create(isolated=True)

FOLDER = os.getcwd()  # ran
TEXT = """  # ran
import time
end = time.time() + 1
text = "def f():\\n    x = 1\\n    return x\\nf()\\n"
while time.time() < end:
    exec(compile(text * 5, %r, "exec"), {"__name__": "made"})
""" % os.path.join(FOLDER, "made.py")


def run():  # ran
    interpreter = create()  # ran
    interpreters.run_string(interpreter, TEXT)  # ran
    interpreters.destroy(interpreter)  # ran


def work():  # ran
    return 1  # ran


threads = [threading.Thread(target=run) for _ in range(2)]  # ran
for thread in threads:  # ran
    thread.start()  # ran
while any(thread.is_alive() for thread in threads):  # ran
    for tool in range(6):  # ran
        sys.monitoring.use_tool_id(tool, "mine")  # ran
        sys.monitoring.set_local_events(tool, work.__code__, 0)  # ran
    work()  # ran
    for tool in range(6):  # ran
        sys.monitoring.free_tool_id(tool)  # ran
    time.sleep(0.001)  # ran
after = "the main interpreter goes on"  # ran
