# A recursion of Python functions alone, deeper than the C stack would be.
# group: code
# needs: 3.11+
import sys  # ran


def depth_of(tree):  # ran
    if tree is None:  # ran
        return 0  # ran
    below = depth_of(tree[0])  # ran
    return below + 1  # ran


sys.setrecursionlimit(1000000)  # ran
tree = None  # ran
for level in range(50000):  # ran
    tree = [tree]  # ran
print(depth_of(tree))  # ran
while tree:  # ran
    tree = tree[0]  # ran
