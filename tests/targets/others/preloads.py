"""Prints which libraries are preloaded, in their order."""
import os  # ran

names = os.environ["LD_PRELOAD"].replace(":", " ").split()  # ran
print(*[os.path.basename(name).split(".")[0].split("-")[0] for name in names])  # ran
