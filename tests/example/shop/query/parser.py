"""From tokens to a tree, by recursive descent; then the tree is made simpler.

    query  = { "sort:" field | "limit:" number | or }
    or     = and { "or" and }
    and    = not { ["and"] not }
    not    = "not" not | "(" or ")" | term
    term   = field operator value | field ":" value | word | string | "*"
"""

from shop.errors import QuerySyntaxError
from shop.query.lexer import tokens
from shop.query.nodes import And, Between, Compare, Everything, Not, Or, Query, Word

INVERSE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_STARTS = {"word", "string", "number", "open", "not", "star"}


class Parser:
    def __init__(self, text):
        self.text = text
        self.tokens = list(tokens(text))
        self.index = 0
        self.query = Query()

    @property
    def current(self):
        return self.tokens[self.index]

    def following(self):
        return self.tokens[min(self.index + 1, len(self.tokens) - 1)]

    def fail(self, message, token=None):
        token = token or self.current
        raise QuerySyntaxError(message, self.text, token.position)

    def take(self, kind=None):
        token = self.current
        if kind is not None and token.kind != kind:
            self.fail(f"{kind} expected")
        self.index += 1
        return token

    def parse(self):
        conditions = []
        while self.current.kind != "end":
            if not self._setting():
                conditions.append(self._or())
        if conditions:
            joined = conditions[0] if len(conditions) == 1 else And(tuple(conditions))
            self.query.condition = simplify(joined)
        return self.query

    def _setting(self):
        """'sort:' and 'limit:', wherever they stand."""
        if self.current.kind != "word" or self.following().text != ":":
            return False
        match self.current.text:
            case "sort":
                self.index += 2
                name = self.take("word").text
                self.query.sort.append((name.lstrip("-"), name.startswith("-")))
                return True
            case "limit":
                self.index += 2
                number = self.take("number")
                if not number.text.isdigit():
                    self.fail("whole number expected", number)
                self.query.limit = int(number.text)
                return True
        return False

    def _or(self):
        operands = [self._and()]
        while self.current.kind == "or":
            self.take()
            operands.append(self._and())
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _and(self):
        operands = [self._not()]
        while True:
            if self.current.kind == "and":
                self.take()
            elif self.current.kind not in _STARTS or self._at_setting():
                break
            operands.append(self._not())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _at_setting(self):
        return self.current.text in ("sort", "limit") and self.following().text == ":"

    def _not(self):
        match self.current.kind:
            case "not":
                self.take()
                return Not(self._not())
            case "open":
                opening = self.take()
                inner = self._or()
                if self.current.kind != "close":
                    self.fail("parenthesis without end", opening)
                self.take()
                return inner
            case _:
                return self._term()

    def _term(self):
        token = self.take()
        match token.kind:
            case "star":
                return Everything()
            case "string" | "number":
                return Word(token.text.lower())
            case "word":
                if self.current.kind != "operator":
                    return Word(token.text.lower())
                return self._comparison(token.text.lower())
            case "end":
                self.fail("condition expected", token)
            case _:
                self.fail(f"{token.text!r} out of place", token)

    def _comparison(self, name):
        operator = self.take().text
        value = self.take()
        match operator, value.kind:
            case ":", "range":
                low, high = map(float, value.text.split(".."))
                if low > high:
                    self.fail("range is the wrong way round", value)
                return Between(name, low, high)
            case _, "number":
                return Compare(name, "=" if operator == ":" else operator, float(value.text))
            case ("<" | "<=" | ">" | ">="), _:
                self.fail("number expected", value)
            case _, ("word" | "string"):
                return Compare(name, "=" if operator == ":" else operator, value.text.lower())
            case _:
                self.fail("value expected", value)


def simplify(node):
    """Nested lists become flat, negations go down to the leaves, duplicates disappear."""
    match node:
        case Not(Not(inner)):
            return simplify(inner)
        case Not(And(operands)):
            return simplify(Or(tuple(Not(operand) for operand in operands)))
        case Not(Or(operands)):
            return simplify(And(tuple(Not(operand) for operand in operands)))
        case Not(Compare(name, operator, value)) if operator in INVERSE:
            return Compare(name, INVERSE[operator], value)
        case And(operands) | Or(operands):
            kind = type(node)
            flat = []
            for operand in map(simplify, operands):
                inner = operand.operands if isinstance(operand, kind) else (operand,)
                flat.extend(part for part in inner if part not in flat)
            if kind is And:
                flat = [part for part in flat if not isinstance(part, Everything)]
            elif any(isinstance(part, Everything) for part in flat):
                return Everything()
            if not flat:
                return Everything()
            return flat[0] if len(flat) == 1 else kind(tuple(flat))
        case _:
            return node


def parse(text):
    """The tree of a query; QuerySyntaxError says where it is wrong."""
    return Parser(text).parse()
