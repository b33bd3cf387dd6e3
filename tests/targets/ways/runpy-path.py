# Programs by runpy.run_path and runpy.run_module.
# group: code
import runpy  # ran

print(runpy.run_path("by_path.py")["value"])  # ran
print(runpy.run_module("by_name", run_name="__main__")["value"])  # ran
