# A child of a program in Perl.
# group: children
# needs: program perl
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
else:
    command = ["perl", "-e", '%ENV = (); system(@ARGV); exit($? >> 8)', sys.executable, __file__, "child"]  # ran
    print(subprocess.call(command))  # ran
