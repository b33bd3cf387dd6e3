# A program that is a .pyc file, and a module that is one.
# group: code
import os  # ran
import py_compile  # ran
import subprocess  # ran
import sys  # ran

py_compile.compile("program.py", "program.pyc", doraise=True)  # ran
os.mkdir("compiled")  # ran
py_compile.compile("module.py", "compiled/module.pyc", doraise=True)  # ran
launcher = "import sys; sys.path[0] = 'compiled'; import module"  # ran
print(subprocess.call([sys.executable, "program.pyc"]))  # ran
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
