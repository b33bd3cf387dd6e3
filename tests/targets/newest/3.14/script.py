"""What is new in 3.14: templates, annotations that are evaluated later, interpreters."""
import annotationlib
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor
from string.templatelib import Interpolation, Template


class Later:
    value: Undefined = 1
    other: list[Missing]

    def method(
        self,
        first: Unknown,
        *, second: int = 2,
    ) -> Nothing:
        return first, second


def render(template: Template) -> str:
    parts = []
    for part in template:
        if isinstance(part, Interpolation):
            parts.append(format(part.value, part.format_spec))
        else:
            parts.append(part)
    return "".join(parts)


name = "x"
text = render(
    t"hello {name:>5} and {
        name.upper()
    }!"
)
print(text)
try:
    raise KeyError(name)
except KeyError, ValueError:
    print("caught")
print(annotationlib.get_annotations(Later, format=annotationlib.Format.STRING))
try:
    print(Later.__annotations__)
except NameError as error:
    print(error)


def annotated(x: (
    undefined_too
)):
    y: int = 2
    z: NoSuch
    return y


annotated(1)
print(annotationlib.get_annotations(annotated, format=annotationlib.Format.FORWARDREF).keys())


def leave():
    for item in [1, 2]:
        try:
            continue
        finally:
            print(item)
    with open(__file__) as stream:
        return stream.readline()


print(leave())
interpreter = interpreters.create()
interpreter.exec("import within; print(within.double(1))")
interpreter.close()


if __name__ == "__main__":
    import within

    with InterpreterPoolExecutor(2) as pool:
        print(list(pool.map(within.double, [1, 2, 3])))
    match text:
        case str() if len(text) > 3:
            print("long")
        case _:
            print("never")
    numbers = [
        number
        for number in range(3)
        if number
    ]
    if 0:
        print("never")
    while True:
        break
    assert numbers, (
        "never"
    )
