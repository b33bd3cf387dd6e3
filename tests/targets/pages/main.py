import subprocess
import sys

from shop.till import Till, close

till = Till()
till.take(int(sys.argv[1]))
close(till)
for name in sys.argv[2:]:
    subprocess.run([sys.executable, "worker.py", name], check=True)
