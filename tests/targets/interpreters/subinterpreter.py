"""Runs a module in an interpreter of its own within the process."""
import os  # ran
import sys  # ran

name = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"  # ran
module = __import__(name)  # ran
number = module.create()  # ran
code = "import sys; sys.path.insert(0, %r); import within" % os.getcwd()  # ran
module.run_string(number, code)  # ran
module.destroy(number)  # ran
print("back")  # ran
