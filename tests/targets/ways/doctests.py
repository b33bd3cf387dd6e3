# Doctests, which replace the trace function of pdb and execute examples.
# group: tools
import doctest  # ran


def double(value):  # ran
    """
    >>> double(2)
    4
    """
    return value * 2  # ran


print(doctest.testmod())  # ran
