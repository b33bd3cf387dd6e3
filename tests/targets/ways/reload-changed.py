# A module that is changed and reloaded.
# group: code
import importlib  # ran
import os  # ran
import sys  # ran

sys.dont_write_bytecode = True  # ran
import changing  # ran

print(changing.value)  # ran
with open("changing.py", "a") as stream:  # ran
    stream.write("value = 2\nimport from_new\n")  # ran
importlib.reload(changing)  # ran
print(changing.value)  # ran
