import sys

from shop.desk.bell import ring
from shop.till import Till

ring(2)
if sys.argv[1] == "tipped":
    Till().take(1, 2)
