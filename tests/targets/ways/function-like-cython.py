# A function of three instructions with a name as Cython gives what it makes up for tools.
# group: code


def PyInit_module(argument):  # ran
    return argument  # ran


print(PyInit_module("called"))  # ran
