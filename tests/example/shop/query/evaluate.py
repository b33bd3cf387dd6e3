"""Queries over records in memory, and the same as SQL."""

from shop.errors import InvalidValue
from shop.query.nodes import And, Between, Compare, Everything, Not, Or, Word
from shop.query.parser import parse

TEXT_FIELDS = ("sku", "name", "category", "code", "note")
_COMPARE = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "~": lambda a, b: str(b) in str(a),
}
# What is stored in cents but asked for in whole units.
_SCALED = {"price": 100, "net": 100, "total": 100}


def _get(record, name):
    try:
        value = record[name] if isinstance(record, dict) else getattr(record, name)
    except (KeyError, AttributeError):
        raise InvalidValue(f"no such field: {name}") from None
    if isinstance(value, str):
        return value.lower()
    return value / _SCALED[name] if name in _SCALED else value


def _has_word(record, word):
    for name in TEXT_FIELDS:
        value = record.get(name) if isinstance(record, dict) else getattr(record, name, None)
        if value is None:
            continue
        text = value.lower()
        if word.endswith("*"):
            if any(part.startswith(word[:-1]) for part in text.split()):
                return True
        elif word in text:
            return True
    return False


def matches(node, record):
    """Whether a record fulfils a condition."""
    match node:
        case Everything():
            return True
        case Word(text):
            return _has_word(record, text)
        case Compare(name, operator, value):
            actual = _get(record, name)
            if isinstance(value, float) and isinstance(actual, str):
                return _COMPARE[operator](actual, f"{value:g}")
            if isinstance(value, str) and not isinstance(actual, str):
                raise InvalidValue(f"{name} is compared with a number")
            return _COMPARE[operator](actual, value)
        case Between(name, low, high):
            return low <= _get(record, name) <= high
        case Not(operand):
            return not matches(operand, record)
        case And(operands):
            return all(matches(operand, record) for operand in operands)
        case Or(operands):
            return any(matches(operand, record) for operand in operands)


def search(text, records):
    """The records that a query finds, in the order that it asks for."""
    query = parse(text)
    found = [record for record in records if matches(query.condition, record)]
    for name, descending in reversed(query.sort):
        found.sort(key=lambda record: _get(record, name), reverse=descending)
    return found if query.limit is None else found[: query.limit]


def to_sql(query, columns):
    """A WHERE clause with its parameters; `columns` are the fields that the table has."""
    parameters = []

    def column(name):
        if name not in columns:
            raise InvalidValue(f"no such field: {name}")
        return name

    def scaled(name, value):
        if isinstance(value, float):
            value = value * _SCALED.get(name, 1)
            return int(value) if value.is_integer() else value
        return value

    def convert(node):
        match node:
            case Everything():
                return "1"
            case Word(text):
                present = [name for name in TEXT_FIELDS if name in columns]
                parameters.extend([f"%{text.rstrip('*')}%"] * len(present))
                return "(" + " OR ".join(f"{name} LIKE ?" for name in present) + ")"
            case Compare(name, "~", value):
                parameters.append(f"%{value}%")
                return f"{column(name)} LIKE ?"
            case Compare(name, operator, str(value)):
                parameters.append(value)
                return f"LOWER({column(name)}) {operator} ?"
            case Compare(name, operator, value):
                parameters.append(scaled(name, value))
                return f"{column(name)} {operator} ?"
            case Between(name, low, high):
                parameters.extend([scaled(name, low), scaled(name, high)])
                return f"{column(name)} BETWEEN ? AND ?"
            case Not(operand):
                return f"NOT {convert(operand)}"
            case And(operands):
                return "(" + " AND ".join(convert(operand) for operand in operands) + ")"
            case Or(operands):
                return "(" + " OR ".join(convert(operand) for operand in operands) + ")"

    sql = convert(query.condition)
    if query.sort:
        order = [f"{column(name)}{' DESC' * descending}" for name, descending in query.sort]
        sql += " ORDER BY " + ", ".join(order)
    if query.limit is not None:
        sql += f" LIMIT {query.limit}"
    return sql, parameters
