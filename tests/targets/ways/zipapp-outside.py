# A zip archive as the program, which imports a module from a folder.
# group: code
import subprocess  # ran
import sys  # ran
import zipfile  # ran

with zipfile.ZipFile("program.pyz", "w") as archive:  # ran
    archive.writestr("__main__.py", "import sys\nsys.path.insert(0, 'folder')\nimport outside\noutside.work()\n")  # ran
print(subprocess.call([sys.executable, "program.pyz"]))  # ran
