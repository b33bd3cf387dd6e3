# A module of 60,000 lines and one of 6,000 statements.
# group: code

with open("long_module.py", "w") as stream:  # ran
    stream.write("\n" * 60000 + "def work():\n    return 1\n")  # ran
with open("statements.py", "w") as stream:  # ran
    stream.write("value = 0\n" + "value += 1\n" * 6000 + "if value == 6000:\n    import after_long\n")  # ran
import long_module  # ran
import statements  # ran

print(long_module.work(), statements.value)  # ran
