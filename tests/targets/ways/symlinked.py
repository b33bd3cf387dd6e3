# A module that is imported through a symbolic link to its folder, and one that is a link.
# group: isolation
import os  # ran
import sys  # ran

os.symlink("real", "link")  # ran
os.symlink("real/target.py", "linked.py")  # ran
sys.path.insert(0, "link")  # ran
import behind_link  # ran
import linked  # ran

print(behind_link.work(), linked.work())  # ran
