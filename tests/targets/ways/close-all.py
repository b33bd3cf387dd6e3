# A program that closes every descriptor, and imports a module after.
# group: isolation
import os  # ran

os.closerange(0, 10000)  # ran
import after_close  # ran

after_close.work()  # ran
