# A subinterpreter that is the first to run measured code, and is destroyed; then the main one.
# group: isolation
import subprocess  # ran
import sys  # ran

launcher = """
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters
interpreter = interpreters.create()
interpreters.run_string(interpreter, "import sys; sys.path.insert(0, '.'); import both; both.one(); import alone")
interpreters.destroy(interpreter)
import both
both.two()
"""
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
