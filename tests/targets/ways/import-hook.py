# A module that an import hook of the program's own makes.
# group: code
import importlib.abc  # ran
import importlib.machinery  # ran
import os  # ran
import sys  # ran


class Loader(importlib.abc.Loader):  # ran
    def create_module(self, spec):  # ran
        return None  # ran

    def exec_module(self, module):  # ran
        path = os.path.abspath("hooked.txt.py")  # ran
        with open(path) as stream:  # ran
            exec(compile(stream.read(), path, "exec"), module.__dict__)  # ran


class Finder(importlib.abc.MetaPathFinder):  # ran
    def find_spec(self, name, path, target=None):  # ran
        if name != "hooked":  # ran
            return None  # ran
        return importlib.machinery.ModuleSpec(name, Loader())  # ran


sys.meta_path.insert(0, Finder())  # ran
import hooked  # ran
import json.tool  # ran

print(hooked.work())  # ran
