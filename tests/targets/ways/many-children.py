# Forty children, six at a time.
# group: children
import subprocess  # ran
import sys  # ran
from concurrent.futures import ThreadPoolExecutor  # ran


def run(number):  # ran
    return subprocess.call([sys.executable, "-S", "-E", __file__, str(number)])  # ran


if sys.argv[1:] == ["0"]:  # ran
    sys.exit(0)  # ran
elif sys.argv[1:] == ["39"]:  # ran
    sys.exit(39)  # ran
elif sys.argv[1:]:  # ran
    sys.exit(1)  # ran
with ThreadPoolExecutor(6) as pool:  # ran
    print(sum(pool.map(run, range(40))))  # ran
