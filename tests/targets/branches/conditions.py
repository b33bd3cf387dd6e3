"""if, elif, else, conditional expressions, and, or, not, constant conditions."""


def sign(number):
    if number < 0:
        return -1
    elif number == 0:
        return 0
    else:
        return 1


def only_true(value):
    if value:
        value += 1
    return value


def only_false(value):
    if value:
        value += 1
    return value


def at_the_end(value):
    if value:
        print("true")


def at_the_end_both(value):
    if value:
        print("true")


def joined(a, b, c):
    if a and b or c:
        return 1
    if not a and not (b or c):
        return 2
    if (
        a
        and b
        or c
    ):
        return 3
    return 4


def nested(a, b):
    if a:
        if b:
            return "both"
    else:
        if b:
            return "second"
    return "none"


def expressions(a, b):
    first = a if b else b
    second = (a
              if b
              else -1)
    third = a or b
    fourth = (a
              and b)
    return first, second, third, fourth


def constant(a):
    if 1:
        a += 1
    if 0:
        a += 2
    if True and a:
        a += 3
    if __debug__:
        a += 4
    if not 1:
        a += 5
    while True:
        a += 6
        if a > 10:
            break
    while 0:
        a += 7
    return a


def one_line(a):
    if a: return 1
    if not a: a = 3
    else: a = 4
    return a


def raising(a):
    if a: raise ValueError(a)
    return a


def raising_in_condition(a):
    if a.missing:
        print(a)


def raising_in_a_condition_in_between(a):
    if a.missing:
        print(a)
    return a


def asserts(a):
    assert a, "message"
    assert a or (
        not a
    )
    return a


def empty(a):
    if a:
        pass
    if a:
        pass
    else:
        pass


def chained(a, b, c):
    if a < b < c:
        return 1
    if (a <
            b <
            c):
        return 2
    return a < b < c


def with_walrus(a):
    if (b := a + 1) and b > 2:
        return b
    if (
        c := a
        + b
    ):
        return c


def one_line_function(): return 1
def one_line_function_never_called(): return 1
class OneLine: pass


print(sign(-1), sign(0))
only_true(1)
only_false(0)
at_the_end(1)
at_the_end_both(0), at_the_end_both(1)
joined(1, 1, 0), joined(0, 0, 1), joined(0, 0, 0)
nested(1, 0), nested(0, 1)
expressions(1, 0), expressions(0, 1)
constant(1)
one_line(0)
asserts(1)
empty(0), empty(1)
chained(1, 2, 3), chained(3, 2, 1)
with_walrus(2), with_walrus(-1)
one_line_function()
try:
    raising(1)
except ValueError:
    pass
for function in raising_in_condition, raising_in_a_condition_in_between:
    try:
        function(1)
    except AttributeError:
        pass
if one_line_function() == 2:
    print("never")
