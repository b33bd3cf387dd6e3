"""What is new in 3.15: lazy imports, unpacking in comprehensions."""
lazy import json
lazy from string import ascii_letters, digits
lazy import not_there


def unpack(lists):
    return [*inner for inner in lists]


def use():
    return json.dumps(
        [*x for x in [[1], [2]]]
    )

print(unpack([[1, 2], [3]]))
print(use())
merged = {**m for m in [{1: 2}, {3: 4}]}
print(merged)


def generate():
    yield 1
    yield 2


print(list(generate()), digits)
if merged is None:
    print("never")
lazy import late

print("before")
print(late.double(1))
