"""match statements."""


def kinds(value):
    match value:
        case 1:
            return "one"
        case 2 | 3:
            return "two"
        case [first, *rest] if rest:
            return first
        case [
            first,
        ]:
            return first
        case {"key": item, **others}:
            return item, others
        case str() as text:
            print(text)
        case _:
            print("other")
    return 1


def without_default(value):
    match value:
        case 1:
            value = 2
        case (
            a,
            b
        ):
            value = a
    return value


def alternatives(value):
    match value:
        case ((a, b, 1) |
              (b, a, 2) |
              (2, b, a)):
            value = a
        case [a, (b, 1) |
                 (1, b), c]:
            value = c
    return value


def at_the_end(value):
    match value:
        case 1:
            print(1)
        case 2:
            print(2)


def capturing(value):
    match value:
        case 1: return 1
        case other: return other


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def classes(value):
    match value:
        case Point(0, y=0):
            return 0
        case Point(
            x,
            y
        ) if (
            x
            and y
        ):
            return x
        case Point():
            return 1


for value in 1, 3, [1, 2], [1], {"key": 1}, "text":
    kinds(value)
without_default(1), without_default((1, 2))
alternatives((1, 1, 1)), alternatives((3, 3, 3)), alternatives((1, 2)), alternatives((0, (1, 2), 3))
at_the_end(1), at_the_end(3)
capturing(2)
classes(Point(0, 0)), classes(Point(1, 1))
match value:
    case "text":
        print("text")
