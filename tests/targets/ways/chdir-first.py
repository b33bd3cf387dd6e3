# A program that changes its folder before its first measured line.
# group: isolation
import os  # ran
import subprocess  # ran
import sys  # ran

launcher = """
import os, sys
folder = os.getcwd()
os.chdir("/")
sys.path.insert(0, folder)
import elsewhere
"""
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
