# A subinterpreter that shares the lock of the main one.
# group: isolation
import os  # ran

try:  # ran
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters

text = "import sys; sys.path.insert(0, %r); import in_sub; in_sub.work()" % os.getcwd()  # ran
try:  # ran
    interpreter = interpreters.create("legacy") if hasattr(interpreters, "new_config") else interpreters.create()  # ran
except TypeError:
    interpreter = interpreters.create()
interpreters.run_string(interpreter, text)  # ran
interpreters.destroy(interpreter)  # ran
after = "the main interpreter goes on"  # ran
