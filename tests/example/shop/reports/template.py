"""Templates for documents: {{ value|filter }}, {% for %}, {% if %}, {% include %}, {# comment #}."""

import re
from dataclasses import dataclass, field

from shop.errors import TemplateError
from shop.money import Money

_PIECE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_TEST = re.compile(r"(not\s+)?([\w.]+)(?:\s*(==|!=|>|<)\s*(.+))?$")

FILTERS = {
    "money": lambda value: str(Money(value)),
    "de": lambda value: Money(value).format("de"),
    "upper": lambda value: str(value).upper(),
    "title": lambda value: str(value).title(),
    "length": len,
}


def template_filter(function):
    """Make a function a filter under its own name."""
    FILTERS[function.__name__] = function
    return function


@template_filter
def pad(value, width="10"):
    return str(value).ljust(int(width))


@template_filter
def right(value, width="10"):
    return str(value).rjust(int(width))


@template_filter
def default(value, text=""):
    return value if value not in (None, "") else text


@dataclass
class Block:
    """A sequence of parts: strings and nodes."""

    parts: list = field(default_factory=list)

    def render(self, scope, out):
        for part in self.parts:
            if isinstance(part, str):
                out.append(part)
            else:
                part.render(scope, out)


@dataclass
class Value:
    name: str
    filters: list

    def render(self, scope, out):
        value = lookup(scope, self.name)
        for name, arguments in self.filters:
            value = FILTERS[name](value, *arguments)
        out.append("" if value is None else str(value))


@dataclass
class For:
    variable: str
    source: str
    body: Block
    otherwise: Block

    def render(self, scope, out):
        items = list(lookup(scope, self.source))
        if not items:
            self.otherwise.render(scope, out)
        for number, item in enumerate(items, start=1):
            inner = {**scope, self.variable: item,
                     "loop": {"number": number, "last": number == len(items)}}
            self.body.render(inner, out)


@dataclass
class If:
    test: str
    body: Block
    otherwise: Block

    def render(self, scope, out):
        branch = self.body if evaluate_test(self.test, scope) else self.otherwise
        branch.render(scope, out)


@dataclass
class Include:
    name: str
    library: dict

    def render(self, scope, out):
        if self.name not in self.library:
            raise TemplateError(f"no such template: {self.name}")
        out.append(render(self.library[self.name], scope, self.library))


def lookup(scope, path):
    """'order.customer.name' in dictionaries, attributes and lists."""
    value = scope
    for name in path.split("."):
        try:
            if isinstance(value, dict):
                value = value[name]
            elif isinstance(value, (list, tuple)):
                value = value[int(name)]
            else:
                value = getattr(value, name)
        except (KeyError, IndexError, ValueError, AttributeError):
            raise TemplateError(f"no value for {path}") from None
    return value


def evaluate_test(test, scope):
    found = _TEST.match(test)
    if not found:
        raise TemplateError(f"not a condition: {test}")
    negated, path, operator, literal = found.groups()
    value = lookup(scope, path)
    if operator is None:
        result = bool(value)
    else:
        literal = literal.strip()
        other = literal[1:-1] if literal[0] in "\"'" else int(literal)
        result = {"==": value == other, "!=": value != other,
                  ">": operator == ">" and value > other,
                  "<": operator == "<" and value < other}[operator]
    return result != bool(negated)


def _parse_value(text):
    name, *filters = (part.strip() for part in text.split("|"))
    parsed = []
    for text in filters:
        filter_name, _, arguments = text.partition(":")
        if filter_name not in FILTERS:
            raise TemplateError(f"no such filter: {filter_name}")
        parsed.append((filter_name, [a for a in arguments.split(",") if a]))
    return Value(name, parsed)


def compile_template(text, library=None):
    """The tree of a template."""
    root = Block()
    # Each level: its tag, the block that is being filled, and how to end it.
    stack = [("", root, None)]
    for piece in _PIECE.split(text):
        block = stack[-1][1]
        if piece.startswith("{{"):
            block.parts.append(_parse_value(piece[2:-2].strip()))
        elif piece.startswith("{%"):
            _tag(piece[2:-2].strip(), stack, library or {})
        elif piece and not piece.startswith("{#"):
            block.parts.append(piece)
    if len(stack) > 1:
        raise TemplateError(f"{stack[-1][0]} without end")
    return root


def _tag(text, stack, library):
    name, _, rest = text.partition(" ")
    match name:
        case "for":
            found = re.fullmatch(r"(\w+) in ([\w.]+)", rest.strip())
            if not found:
                raise TemplateError(f"not a loop: {text}")
            node = For(found[1], found[2], Block(), Block())
            stack[-1][1].parts.append(node)
            stack.append(("for", node.body, node))
        case "if":
            node = If(rest.strip(), Block(), Block())
            stack[-1][1].parts.append(node)
            stack.append(("if", node.body, node))
        case "else":
            tag, _, node = stack.pop()
            if node is None:
                raise TemplateError("else without if")
            stack.append((tag, node.otherwise, node))
        case "end":
            if len(stack) == 1:
                raise TemplateError("end of nothing")
            stack.pop()
        case "include":
            stack[-1][1].parts.append(Include(rest.strip(), library))
        case _:
            raise TemplateError(f"no such tag: {name}")


def render(text, scope, library=None):
    """A template filled in."""
    out = []
    compile_template(text, library).render(scope, out)
    return "".join(out)
