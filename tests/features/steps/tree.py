"""The text of `covfork tree`."""

import re

from behave import then

# What differs from run to run: numbers, versions, durations, counts, folders of commands.
CHANGING = [
    (re.compile(r"(?m)^((?:[│├└─|`\- ]{3})*)\d+ "), r"\1N "),
    (re.compile(r"\b\d\.\d+\.\d+[a-z0-9+]*"), "VERSION"),
    (re.compile(r"\b\d+([–-]\d+)? lines?"), "LINES"),
    (re.compile(r"(, |\()(≥|>=)?\d+(\.\d+)? (s|min)(?=[,)])"), r"\1"),
    (re.compile(r"\(, "), "("),
    (re.compile(r", , "), ", "),
    (re.compile(r" {2}\(\)"), ""),
    (re.compile(r" /\S*/"), " "),
]


@then("the tree is")
def step_tree(context):
    """Without its heading; N stands for a process, VERSION and LINES for what they say."""
    tree = context.run.out.split("\n\n", 1)[-1]
    for pattern, replacement in CHANGING:
        tree = pattern.sub(replacement, tree)
    assert tree == context.text + "\n", f"{context.run}\n\nin comparable form:\n{tree}"
