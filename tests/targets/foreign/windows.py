"""What coverage.py measured on Windows of shop/cart.py, under a name that it has there: NAME FILE."""
import sys

import coverage

data = coverage.CoverageData(sys.argv[2], no_disk=False)
data.add_arcs({sys.argv[1]: [(-1, 1), (1, 2), (2, -1)]})
data.write()
