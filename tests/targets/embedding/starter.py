import os  # ran

python, script = os.environ["PYTHON"], os.path.abspath("second.py")  # ran
os.spawnve(os.P_WAIT, python, [python, script], {"PATH": ""})  # ran
