import sys  # ran

from package import value  # ran
from package.inner import work  # ran

print(sys.argv[1:], value, work())  # ran
sys.exit(3)  # ran
