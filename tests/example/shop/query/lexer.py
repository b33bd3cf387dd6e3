"""From characters to tokens."""

import re
from typing import NamedTuple

from shop.errors import QuerySyntaxError

KEYWORDS = {"and", "or", "not"}
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<range>-?\d+(?:\.\d+)?\.\.-?\d+(?:\.\d+)?)
  | (?P<number>-?\d+(?:\.\d+)?(?![\w-]))
  | (?P<word>[\w-]+(?:\*)?)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<operator><=|>=|!=|[<>=~:])
  | (?P<open>\()
  | (?P<close>\))
  | (?P<star>\*)
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    kind: str
    text: str
    position: int


def tokens(text):
    """The tokens of a query, one after the other, an 'end' token last."""
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            what = "string without end" if text[position] == '"' else f"stray {text[position]!r}"
            raise QuerySyntaxError(what, text, position)
        kind = found.lastgroup
        value = found.group()
        if kind == "word" and value.lower() in KEYWORDS:
            kind, value = value.lower(), value.lower()
        elif kind == "string":
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        if kind != "space":
            yield Token(kind, value, position)
        position = found.end()
    yield Token("end", "", position)
