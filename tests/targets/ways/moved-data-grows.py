# The folder with the data is moved, and the program then imports 300 modules.
# group: isolation
# also: many/*.py:3001
import os  # ran
import sys  # ran

os.rename(os.environ["WAYS_DATA"], os.environ["WAYS_DATA"] + "-moved")  # ran
os.mkdir("many")  # ran
for number in range(300):  # ran
    with open("many/many%d.py" % number, "w") as stream:  # ran
        stream.write("\n" * 3000 + "value = 1\n")  # ran
sys.path.insert(0, "many")  # ran
for number in range(300):  # ran
    __import__("many%d" % number)  # ran
import after_many  # ran

print("done", after_many.last(), os.path.exists(os.environ["WAYS_DATA"]))  # ran
