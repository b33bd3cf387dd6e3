# A child that may write files of 1,000 bytes only.
# group: children
import resource  # ran
import subprocess  # ran
import sys  # ran


def limit():  # ran
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # ran


if sys.argv[1:] == ["child"]:  # ran
    print("child")  # ran
    sys.exit(4)  # ran
done = subprocess.run([sys.executable, __file__, "child"], preexec_fn=limit, stdout=subprocess.PIPE)  # ran
print(done.returncode, done.stdout)  # ran
