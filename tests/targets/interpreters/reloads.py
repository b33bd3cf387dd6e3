"""What makes covfork keep something new in place of something old: files that change, forks."""
import gc  # ran
import importlib  # ran
import os  # ran
import sys  # ran

sys.path.insert(0, os.getcwd())  # ran
sys.dont_write_bytecode = True  # ran


def reload(lines):  # ran
    with open("changing.py", "w") as file:  # ran
        file.write("\n" * lines + "def work():\n    return %d\n" % lines)  # ran
    importlib.invalidate_caches()  # ran
    module = sys.modules.get("changing")  # ran
    module = importlib.reload(module) if module else importlib.import_module("changing")  # ran
    return module.work()  # ran


print([reload(lines) for lines in (1, 100, 3000)])  # ran
gc.collect()  # ran
child = os.fork()  # ran
if child == 0:  # ran
    print(reload(5), flush=True)  # ran
    sys.exit(3)  # ran
_, status = os.waitpid(child, 0)  # ran
print(os.WEXITSTATUS(status), sorted(sys.argv[1:]))  # ran
if "sanitized" in sys.argv:  # ran
    import ctypes  # ran

    print(hasattr(ctypes.CDLL(None), "__lsan_do_leak_check"))  # ran
