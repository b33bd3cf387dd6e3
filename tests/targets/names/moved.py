# Bytecode that was compiled elsewhere: its code names a file that is not there.
import os  # ran
import py_compile  # ran
import sys  # ran

sys.path.insert(0, "built")  # ran
os.rename("built/part.py", "built/kept")  # ran
try:  # ran
    py_compile.compile("built/kept", "built/part.pyc", dfile="/nowhere/part.py", doraise=True)  # ran
    import part  # ran
finally:
    os.rename("built/kept", "built/part.py")  # ran
    os.remove("built/part.pyc")  # ran
part.double(2)  # ran
