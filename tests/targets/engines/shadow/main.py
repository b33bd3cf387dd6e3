import coverage  # ran
import random  # ran
import slipcover  # ran

print(coverage.mine, random.mine, slipcover.mine)  # ran
