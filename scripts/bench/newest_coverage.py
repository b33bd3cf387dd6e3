"""The newest coverage.py for the interpreters that it no longer installs on: 3.8, 3.9 and 3.10.

Its rules are those that covfork follows on every version. What they are made of, its parser, regions and
results, is Python, and asks little of the interpreter that an older one lacks. So its wheel is unpacked
into a work folder and rewritten there: `match` statements as `if` chains, types that are only there for a
type checker as nothing. `provide` does that, in an interpreter of 3.10 or newer; `enable` makes an older
one import the result, with the names of the standard library that it lacks. No rule is touched.

It analyses and reports; it is not to record anything.
"""

import ast
import os
import re
import shutil
import sys

import pinned

with open(os.path.join(pinned.PINS, "packages.in")) as stream:
    VERSION = re.search(r"^coverage==([^;\s]+)", stream.read(), re.MULTILINE).group(1)
LEAST = (3, 11)


def provide(python, work):
    """The folder to import it from; `python` is one that has pip."""
    folder = os.path.join(work, "coverage-" + VERSION)
    if os.path.exists(folder):
        return folder
    fresh = folder + ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    # One that it installs on, for its sources alone.
    pinned.install(pinned.TOOLS, "coverage", target=fresh)
    package = os.path.join(fresh, "coverage")
    for name in os.listdir(package):
        if name.endswith(".py"):
            rewrite(os.path.join(package, name))
    os.rename(fresh, folder)
    return folder


def rewrite(path):
    """Change as little of the text as can be: ast.unparse writes f-strings that an older one can't read."""
    with open(path, "rb") as file:
        lines = file.read().splitlines(keepends=True)
    tree = ast.parse(b"".join(lines), path)
    edits = [edit for node in ast.walk(tree) for edit in edits_of(node)]
    edits += [edit for statement in tree.body for edit in edits_of_type(statement, lines)]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    text = b"".join(lines)
    for (line, column), (end_line, end_column), new in sorted(edits, reverse=True):
        start, end = starts[line - 1] + column, starts[end_line - 1] + end_column
        text = text[:start] + new.encode() + text[end:]
    with open(path, "wb") as file:
        file.write(text)


def edits_of(node):
    """Places in the text, (line, column) from and to, and what comes there."""
    if isinstance(node, ast.Match):
        yield place(node)[0], place(node.subject)[1], "if True"
        word = "if"
        for case in node.cases:
            test = condition(ast.unparse(node.subject), case.pattern)
            header = (case.pattern.lineno, node.cases[0].pattern.col_offset - len("case "))
            yield header, place(case.guard or case.pattern)[1], f"{word} {test}" + (f" and {ast.unparse(case.guard)}" if case.guard else "")
            word = "elif"
    elif isinstance(node, ast.ClassDef):
        yield from ((place(base.value)[1], place(base)[1], "") for base in node.bases if isinstance(base, ast.Subscript))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cast":
        yield *place(node.args[0]), "None"


def edits_of_type(statement, lines):
    """A type that the interpreter can't evaluate is one that only annotations name."""
    value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
    variable = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "TypeVar"
    if variable or isinstance(value, (ast.Subscript, ast.BinOp)):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        start, end = place(statement)
        text = b"    ".join(lines[start[0] - 1 : end[0]]).decode()
        name = ast.unparse(target)
        yield start, (end[0] + 1, 0), f"try:\n    {text}except TypeError:\n    {name} = None\n"


def place(node):
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def condition(subject, pattern):
    """The patterns that coverage.py uses: a class without parts, a constant, several of them, any."""
    if isinstance(pattern, ast.MatchOr):
        return "(" + " or ".join(condition(subject, one) for one in pattern.patterns) + ")"
    if isinstance(pattern, ast.MatchClass) and not pattern.patterns and not pattern.kwd_patterns:
        return f"isinstance({subject}, {ast.unparse(pattern.cls)})"
    if isinstance(pattern, ast.MatchValue):
        return f"{subject} == {ast.unparse(pattern.value)}"
    if isinstance(pattern, ast.MatchSingleton):
        return f"{subject} is {pattern.value}"
    if isinstance(pattern, ast.MatchAs) and not pattern.name:
        return "True"
    raise ValueError("a pattern that is new here: " + ast.unparse(pattern))


# What follows runs in the older interpreter.


def enable(folder):
    """Make `import coverage` import the one in the folder."""
    import functools
    import hashlib
    import types
    import typing

    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    if sys.version_info < LEAST and "tomllib" not in sys.modules:
        # No configuration is read.
        sys.modules["tomllib"] = types.ModuleType("tomllib")
        sys.modules["tomllib"].TOMLDecodeError = ValueError
    if not hasattr(functools, "cache"):
        functools.cache = functools.lru_cache(maxsize=None)
    for name in ("Concatenate", "Never", "ParamSpec", "TypeAlias"):
        if not hasattr(typing, name):
            setattr(typing, name, typing.TypeVar if name == "ParamSpec" else typing.Any)
    for name in ("Match", "match_case", "MatchOr", "MatchAs"):
        if not hasattr(ast, name):
            setattr(ast, name, type(name, (ast.AST,), {}))
    if sys.version_info < (3, 9):
        ordinary = hashlib.new
        hashlib.new = lambda name, data=b"", **_: ordinary(name, data)
    if sys.version_info < (3, 10):
        enable_line_tables()


def enable_line_tables():
    """Before 3.10 a code object has no co_lines(); dis reads the table that it has."""
    import dis

    # Names of those that jump, for sys.monitoring; 3.8 has none of the kind.
    dis.opmap.setdefault("RERAISE", -1)

    from coverage.bytecode import ByteParser

    ByteParser._line_numbers = lambda self: (line for _, line in dis.findlinestarts(self.code) if line)


if __name__ == "__main__":
    # newest_coverage.py FOLDER COMMAND...: a reporting command of coverage.py.
    enable(sys.argv.pop(1))
    from coverage.cmdline import main

    sys.exit(main(sys.argv[1:]))
