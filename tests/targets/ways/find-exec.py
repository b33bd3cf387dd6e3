# Children by find -exec.
# group: children
# needs: program find
import subprocess  # ran
import sys  # ran

if sys.argv[1:]:  # ran
    print("child", sys.argv[1])  # ran
else:
    command = ["find", ".", "-name", "*.py", "-exec", sys.executable, __file__, "{}", ";"]  # ran
    print(subprocess.call(command))  # ran
