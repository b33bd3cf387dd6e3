# A module that is imported from a zip archive.
# group: code
import sys  # ran
import zipfile  # ran

with zipfile.ZipFile("archive.zip", "w") as archive:  # ran
    archive.write("inside.py", "zipped.py")  # ran
sys.path.insert(0, "archive.zip")  # ran
import zipped  # ran

print(zipped.work())  # ran
