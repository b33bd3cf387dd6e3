"""Closes every descriptor, then works; what it found goes to a file."""
import os  # ran

os.closerange(0, 4096)  # ran


def work():  # ran
    with open("found", "w") as file:  # ran
        return file.write(str(file.fileno()))  # ran


work()  # ran
