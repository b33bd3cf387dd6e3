# A program that closes every descriptor before its first measured line, and opens others.
# group: isolation
import subprocess  # ran
import sys  # ran

launcher = """
import os
os.closerange(0, 10000)
import first_module
descriptors = [os.open("/dev/null", os.O_RDWR) for number in range(3)]
assert descriptors == [0, 1, 2]
"""
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
