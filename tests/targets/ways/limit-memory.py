# A child whose address space is limited to what it has and 300 kB.
# group: children
import resource  # ran
import subprocess  # ran
import sys  # ran

if sys.argv[1:] == ["child"]:  # ran
    with open("/proc/self/statm") as stream:  # ran
        size = int(stream.read().split()[0]) * resource.getpagesize() + 300000  # ran
    resource.setrlimit(resource.RLIMIT_AS, (size, size))  # ran
    try:  # ran
        print(len(bytearray(10000000)))  # ran
        print("never")  # not run
    except MemoryError:  # ran
        print("no memory")  # ran
    sys.exit(4)  # ran
print(subprocess.call([sys.executable, __file__, "child"]))  # ran
