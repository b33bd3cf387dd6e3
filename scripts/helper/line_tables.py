# Compiles source files and prints the lines that have code, as coverage.py's ByteParser finds
# them: what the collector (python_helper.c) needs of files that no measured process imported.
#
# Reads paths on standard input, each ended by a NUL; prints for each, in order, one line:
#   {"path": ..., "python": hexversion, "lines": [[first, last], ...], "problem": null or text}
# Strings are JSON in ASCII; bytes that are not UTF-8 stand as U+DC80 to U+DCFF.
#
# Never runs the code it compiles. Runs on Python 3.8 and newer with -I -S and the standard library
# alone. Must stay ASCII and small: it is embedded in a binary and passed as one argument.
import json
import sys
import tokenize
import warnings


def read_source(path):
    """The text as coverage.py gets it, so that its line numbers are the same."""
    with open(path, "rb") as file:
        data = file.read()
    for old, new in ((b"\r\n", b"\n"), (b"\r", b"\n"), (b"\f", b" ")):
        data = data.replace(old, new)
    lines = iter(data.splitlines(True))
    text = data.decode(tokenize.detect_encoding(lambda: next(lines))[0], "replace")
    return text if not text or text.endswith("\n") else text + "\n"


def code_lines(code):
    """The lines of one code object; None and 0 may be among them."""
    if hasattr(code, "co_lines"):
        return {line for _, _, line in code.co_lines()}
    # Before 3.10: pairs of (bytes of code, lines to go on). A line counts when code stands between
    # it and the next; the last one always does.
    lines = set()
    line = code.co_firstlineno
    table = code.co_lnotab
    for step, delta in zip(table[0::2], table[1::2]):
        if step:
            lines.add(line)
        line += delta - 256 if delta >= 128 else delta
    lines.add(line)
    return lines


def all_lines(code):
    lines = set()
    stack = [code]
    while stack:
        code = stack.pop()
        stack += [const for const in code.co_consts if isinstance(const, type(code))]
        # Deferred annotations (3.14): coverage.py leaves them out, they are hardly ever evaluated.
        if code.co_name != "__annotate__":
            lines |= code_lines(code)
    return sorted(line for line in lines if line and line > 0)


def ranges(lines):
    found = []
    for line in lines:
        if found and found[-1][1] == line - 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return found


def describe(name, message, line):
    return "Couldn't parse '%s' as Python source: %r at line %s" % (name, message, line)


def examine(path, name):
    """(ranges of lines, problem)"""
    text = ""
    try:
        text = read_source(path)
        code = compile(text, name.encode("utf-8", "replace").decode(), "exec", dont_inherit=True)
        return ranges(all_lines(code)), None
    except SyntaxError as error:
        # Without a line it comes from the detection of the encoding, which looks at two lines.
        line = 1 if error.lineno is None else error.lineno
        return [], describe(name, error.args[0] if error.args else "", line)
    except OSError as error:
        return [], "Couldn't read '%s': %s" % (name, error.strerror or error)
    except MemoryError:
        return [], describe(name, "not enough memory, or nested too deeply", 1)
    except RecursionError:
        return [], describe(name, "nested too deeply", 1)
    except Exception as error:
        # ValueError for NUL before 3.12; a codec may raise what it likes.
        line = text.count("\n", 0, max(text.find("\0"), 0)) + 1
        return [], describe(name, str(error), line)


def main():
    warnings.simplefilter("ignore")
    paths = sys.stdin.buffer.read().split(b"\0")
    for path in paths[:-1]:
        name = path.decode("utf-8", "surrogateescape")
        lines, problem = examine(path, name)
        if problem is not None:
            problem = " ".join(problem.split())
        answer = {"path": name, "python": sys.hexversion, "lines": lines, "problem": problem}
        sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n")
        # Each one at once: a compiler that crashes must not take the answers before it along.
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
