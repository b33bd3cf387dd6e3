# Lambdas, comprehensions, decorators, class bodies, properties and descriptors.
# group: code


def decorate(function):  # ran
    return function  # ran


class Base:  # ran
    value = [number for number in range(3)]  # ran

    def __init_subclass__(cls, **more):  # ran
        super().__init_subclass__(**more)  # ran

    @property  # ran
    def doubled(self):  # ran
        return [2 * number for number in self.value]  # ran

    @staticmethod  # ran
    @decorate  # ran
    def static():  # ran
        return 1  # ran


class Derived(Base):  # ran
    pass  # ran


print(Derived().doubled, Derived.static(), list(map(lambda x: x + 1, [1])))  # ran
print(sorted([2, 1], key=lambda x: (
    -x)))
try:  # ran
    assert Base.value == 1, "a message"  # ran
except AssertionError:  # ran
    print("failed")  # ran
