# A fork's child that forks, and its child again.
# group: fork
import os  # ran

if os.fork() == 0:  # ran
    if os.fork() == 0:  # ran
        if os.fork() == 0:  # ran
            deepest = "only the third child runs this"  # ran
            os._exit(1)  # ran
        status = os.wait()[1]  # ran
        os._exit(2 + (status >> 8))  # ran
    status = os.wait()[1]  # ran
    os._exit(4 + (status >> 8))  # ran
print(os.wait()[1] >> 8)  # ran
