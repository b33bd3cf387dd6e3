# A child that is a script with a #! line.
# group: children
import os  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    with open("script", "w") as stream:  # ran
        stream.write("#!%s\nimport sys, runpy\n" % sys.executable)  # ran
        stream.write("sys.argv = [%r, 'child']\nrunpy.run_path(%r, run_name='__main__')\n" % (__file__, __file__))  # ran
    os.chmod("script", 0o755)  # ran
    print(subprocess.call(["./script"], env={}))  # ran
