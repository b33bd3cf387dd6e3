#!/usr/bin/env python3
"""Makes data folders as preload/format.h describes them, without libcovfork.so: for tests of the
collector alone. As a module: Session and its methods. As a program:

    make_data.py FOLDER coverage DATAFILE...      what coverage.py's data files (lines) hold
    make_data.py FOLDER synthetic PROCESSES SOURCES STATEMENTS
"""
import json
import os
import random
import struct
import sys
import time
import types

MAGIC, VERSION, PAGE = b"COVFORK\n", 1, 4096
COMBINED, SOURCES = 1, 2
PAD, PROCESS, SOURCE, LINES, RUN, CONTEXT = 1, 2, 3, 4, 5, 6
WHOLE_MODULE, OPTIMIZED = 1, 2


def padded(data):
    return data + bytes(-len(data) % 8)


def bitmap(lines):
    """The number of bits and the bytes of a bitmap with these lines set."""
    if not lines:
        return 0, b""
    count = max(lines) + 1
    bits = bytearray((count + 7) // 8)
    for line in lines:
        bits[line // 8] |= 1 << line % 8
    return count, padded(bytes(bits))


def record(kind, payload):
    return struct.pack("<II", kind, 8 + len(payload)) + payload


def header(session, name, flags=0, start=0, pid=0, version=VERSION):
    return MAGIC + struct.pack("<HHI16s16sQII", version, 64, flags, session, name, start, pid, 0)


def process_record(pid, ppid, start, executable, context="", python=sys.hexversion):
    executable, context = os.fsencode(executable), os.fsencode(context)
    head = struct.pack("<IIQIIII", pid, ppid, start, python, len(executable), len(context), 0)
    return record(PROCESS, head + padded(executable) + padded(context))


def source_record(key, path, size, mtime, lines, flags=WHOLE_MODULE, python=sys.hexversion):
    path = os.fsencode(path)
    count, bits = bitmap(lines)
    head = struct.pack("<QQQIIII", key, size, mtime, python, flags, count, len(path))
    return record(SOURCE, head + padded(path) + bits)


def lines_record(key, lines, context=0):
    count, bits = bitmap(lines)
    return record(LINES, struct.pack("<QII", key, count, context) + bits)


def context_record(number, label):
    label = os.fsencode(label)
    return record(CONTEXT, struct.pack("<II", number, len(label)) + padded(label))


def run_record(session, start, processes=1, interpreters=1, with_data=1, lost=0, root="", executable=""):
    root, executable = os.fsencode(root), os.fsencode(executable)
    head = struct.pack("<16sQIIIIII", session, start, processes, interpreters, with_data, lost,
                       len(root), len(executable))
    return record(RUN, head + padded(root) + padded(executable))


def line_table(path):
    """Lines that have code, of all code objects of the file, as this Python compiles it."""
    with open(path, "rb") as file:
        todo = [compile(file.read(), path, "exec", dont_inherit=True)]
    lines = set()
    while todo:
        code = todo.pop()
        todo += [item for item in code.co_consts if isinstance(item, types.CodeType)]
        if hasattr(code, "co_lines"):
            lines |= {line for _, _, line in code.co_lines() if line}
        else:
            import dis
            lines |= {line for _, line in dis.findlinestarts(code) if line}
    return lines


class Session:
    """A session's folder; everything is written at once."""

    def __init__(self, folder, root=None, settings=(), start=None, seed=None):
        self.random = random.Random(seed)
        self.id = self.random.getrandbits(128).to_bytes(16, "big")
        self.path = os.path.join(folder, "s-" + self.id.hex())
        self.start = start or time.time_ns()
        self.keys = {}
        os.makedirs(self.path, mode=0o700)
        root = os.path.realpath(root or ".")
        with open(os.path.join(self.path, "settings"), "w") as file:
            file.write("root=%s\n" % root)
            for key, value in settings:
                file.write("%s=%s\n" % (key, value))
        with open(os.path.join(self.path, "sources"), "wb") as file:
            file.write(header(self.id, bytes(16), SOURCES, self.start))

    def event(self, event, pid, **more):
        line = dict(event=event, time=self.start, pid=pid, **more)
        with open(os.path.join(self.path, "ledger"), "a") as file:
            file.write(json.dumps(line) + "\n")

    def add_source(self, path, lines=None, flags=WHOLE_MODULE, size=None, mtime=None):
        """Describes a source file once; its key."""
        if path not in self.keys:
            status = os.stat(path) if size is None or mtime is None else None
            key = self.keys[path] = self.random.getrandbits(64) | 1
            data = source_record(
                key, path, status.st_size if size is None else size,
                status.st_mtime_ns if mtime is None else mtime,
                line_table(path) if lines is None else lines, flags)
            with open(os.path.join(self.path, "sources"), "ab") as file:
                file.write(data)
        return self.keys[path]

    def add_process(self, executed, pid=None, ppid=1, context="", records=b"", events=True):
        """A process that executed `executed`, a dict from paths to lines; its data file's path."""
        pid = pid or self.random.randrange(2, 4000000)
        name = self.random.getrandbits(128).to_bytes(16, "big")
        data = header(self.id, name, 0, self.start, pid)
        data += process_record(pid, ppid, self.start, sys.executable, context)
        for path, lines in executed.items():
            data += lines_record(self.add_source(path), lines)
        data += records
        # As the preload reserves them: a whole number of pages.
        data += bytes(-len(data) % PAGE)
        file_name = "host.%d.%d.%s.data" % (pid, self.start // 1000000, name.hex())
        path = os.path.join(self.path, file_name)
        with open(path, "wb") as file:
            file.write(data)
        if events:
            version = "%d.%d.%d" % sys.version_info[:3]
            self.event("start", pid, ppid=ppid, exe=sys.executable, python=version)
            self.event("engine", pid, engine="native", tool="monitoring")
            self.event("data", pid, file=file_name)
        return path


def from_coverage(folder, data_files):
    import coverage

    session = Session(folder)
    for name in data_files:
        data = coverage.CoverageData(name)
        data.read()
        session.add_process({path: data.lines(path) for path in sorted(data.measured_files())})


def synthetic(folder, processes, sources, statements):
    """Sources beside the data folder, each executed in part by each process."""
    base = os.path.join(os.path.dirname(os.path.abspath(folder)), "src")
    os.makedirs(base, exist_ok=True)
    paths = []
    for number in range(sources):
        paths.append(os.path.join(base, "module_%03d.py" % number))
        with open(paths[-1], "w") as file:
            for i in range(statements // 5):
                file.write("def f%d(a):\n    if a:\n        b = a + 1\n        return b\n    return 0\n\n" % i)
    session = Session(folder, seed=1)
    tables = {path: sorted(line_table(path)) for path in paths}
    for _ in range(processes):
        session.add_process({path: session.random.sample(tables[path], len(tables[path]) // 2) + [1]
                             for path in paths})


if __name__ == "__main__":
    if len(sys.argv) > 3 and sys.argv[2] == "coverage":
        from_coverage(sys.argv[1], sys.argv[3:])
    elif len(sys.argv) == 6 and sys.argv[2] == "synthetic":
        synthetic(sys.argv[1], *map(int, sys.argv[3:]))
    else:
        sys.exit(__doc__)
