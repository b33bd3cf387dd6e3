# Functions whose code is replaced, and functions made of code.
# group: code
import types  # ran


def one():  # ran
    value = 1  # ran
    return value  # ran


def two():  # ran
    value = 2  # ran
    return value  # ran


def three():  # ran
    value = 3  # ran
    return value  # ran


print(types.FunctionType(two.__code__, {})())  # ran
one.__code__ = one.__code__.replace(co_name="other")  # ran
print(one())  # ran
three.__code__ = three.__code__.replace(co_consts=three.__code__.co_consts + (1,))  # ran
print(three())  # ran
