"""The tree of a query."""

from dataclasses import dataclass, field
from typing import Optional, Union


@dataclass(frozen=True)
class Compare:
    """field operator value; operators are = != < <= > >= and ~ (contains)."""

    field: str
    operator: str
    value: Union[str, float]

    def __str__(self):
        value = self.value
        if isinstance(value, float):
            value = f"{value:g}"
        elif not value.isalnum():
            value = f'"{value}"'
        return f"{self.field}{self.operator}{value}"


@dataclass(frozen=True)
class Word:
    """A bare word: anywhere in the text fields."""

    text: str

    def __str__(self):
        return self.text if self.text.isalnum() else f'"{self.text}"'


@dataclass(frozen=True)
class Between:
    field: str
    low: float
    high: float

    def __str__(self):
        return f"{self.field}:{self.low:g}..{self.high:g}"


@dataclass(frozen=True)
class Not:
    operand: object

    def __str__(self):
        return f"not {self.operand}"


@dataclass(frozen=True)
class And:
    operands: tuple

    def __str__(self):
        return "(" + " and ".join(str(operand) for operand in self.operands) + ")"


@dataclass(frozen=True)
class Or:
    operands: tuple

    def __str__(self):
        return "(" + " or ".join(str(operand) for operand in self.operands) + ")"


@dataclass(frozen=True)
class Everything:
    def __str__(self):
        return "*"


@dataclass
class Query:
    """A condition, and how to order and cut what fulfils it."""

    condition: object = field(default_factory=Everything)
    sort: list = field(default_factory=list)
    limit: Optional[int] = None

    def __str__(self):
        parts = [str(self.condition)]
        parts += [f"sort:{'-' if descending else ''}{name}" for name, descending in self.sort]
        if self.limit is not None:
            parts.append(f"limit:{self.limit}")
        return " ".join(parts)
