"""The newest coverage.py for the interpreters that it no longer installs on: 3.8, 3.9 and 3.10.

Its rules are those that covfork follows on every version. What they are made of, its parser, regions and
results, is Python, and asks little of the interpreter that an older one lacks. So its wheel is unpacked
into a work folder and rewritten there: `match` statements as `if` chains, types that are only there for a
type checker as nothing. `provide` does that, in an interpreter of 3.10 or newer; `enable` makes an older
one import the result, with the names of the standard library that it lacks. No rule is touched.

It analyses; it is not to record anything.
"""

import ast
import glob
import os
import shutil
import subprocess
import sys
import zipfile

VERSION = "7.17.3"
LEAST = (3, 11)


def provide(python, work):
    """The folder to import it from; `python` is one that has pip."""
    folder = os.path.join(work, "coverage-" + VERSION)
    if os.path.exists(folder):
        return folder
    fresh = folder + ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    download = [python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    which = ["--only-binary=:all:", "--platform=any", "--python-version=3.11", "coverage==" + VERSION]
    subprocess.run([*download, "--dest", fresh, *which], check=True)
    for wheel in glob.glob(os.path.join(fresh, "*.whl")):
        zipfile.ZipFile(wheel).extractall(fresh)
    package = os.path.join(fresh, "coverage")
    for name in os.listdir(package):
        if name.endswith(".py"):
            rewrite(os.path.join(package, name))
    os.rename(fresh, folder)
    return folder


def rewrite(path):
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read(), path)
    tree = ast.fix_missing_locations(Rewriting().visit(tree))
    with open(path, "w", encoding="utf-8") as file:
        file.write(ast.unparse(tree))


class Rewriting(ast.NodeTransformer):
    def visit_Module(self, node):
        self.generic_visit(node)
        node.body = [guard(statement) if isinstance(statement, (ast.Assign, ast.AnnAssign)) else statement for statement in node.body]
        return node

    def visit_ClassDef(self, node):
        self.generic_visit(node)
        node.bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
        return node

    def visit_Call(self, node):
        """typing.cast(type, value): the value."""
        self.generic_visit(node)
        return node.args[1] if isinstance(node.func, ast.Name) and node.func.id == "cast" else node

    def visit_Match(self, node):
        self.generic_visit(node)
        rest = []
        for case in reversed(node.cases):
            test = condition(node.subject, case.pattern)
            if case.guard:
                test = ast.BoolOp(ast.And(), [test, case.guard])
            rest = [ast.If(test, case.body, rest)]
        return rest


def guard(assignment):
    """A type that the interpreter can't evaluate is one that only annotations name."""
    value = assignment.value
    variable = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "TypeVar"
    if not variable and not isinstance(value, (ast.Subscript, ast.BinOp)):
        return assignment
    targets = assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]
    nothing = ast.Assign(targets, ast.Constant(None))
    return ast.Try([assignment], [ast.ExceptHandler(ast.Name("TypeError", ast.Load()), None, [nothing])], [], [])


def condition(subject, pattern):
    """The patterns that coverage.py uses: a class without parts, a constant, several of them, any."""
    if isinstance(pattern, ast.MatchOr):
        return ast.BoolOp(ast.Or(), [condition(subject, one) for one in pattern.patterns])
    if isinstance(pattern, ast.MatchClass) and not pattern.patterns and not pattern.kwd_patterns:
        return ast.Call(ast.Name("isinstance", ast.Load()), [subject, pattern.cls], [])
    if isinstance(pattern, (ast.MatchValue, ast.MatchSingleton)):
        value = pattern.value if isinstance(pattern, ast.MatchValue) else ast.Constant(pattern.value)
        return ast.Compare(subject, [ast.Eq() if isinstance(pattern, ast.MatchValue) else ast.Is()], [value])
    if isinstance(pattern, ast.MatchAs) and not pattern.name:
        return ast.Constant(True)
    raise ValueError("a pattern that is new here: " + ast.unparse(pattern))


# What follows runs in the older interpreter.


def enable(folder):
    """Make `import coverage` import the one in the folder."""
    import functools
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
    if sys.version_info < (3, 10):
        enable_line_tables()


def enable_line_tables():
    """Before 3.10 a code object has no co_lines(); dis reads the table that it has."""
    import dis

    # Names of those that jump, for sys.monitoring; 3.8 has none of the kind.
    dis.opmap.setdefault("RERAISE", -1)

    from coverage.bytecode import ByteParser

    ByteParser._line_numbers = lambda self: (line for _, line in dis.findlinestarts(self.code) if line)
