"""A plugin for files whose statements are lines that begin with %; `?` is a branch, `%!` excluded.

Its option `kind` says what its reporters do wrong."""
import os

import coverage


class Listing(coverage.CoveragePlugin):
    def __init__(self, options):
        self.kind = options.get("kind")

    def file_tracer(self, filename):
        return Tracer(filename) if filename.endswith(".list") else None

    def file_reporter(self, filename):
        if self.kind == "none":
            return None
        if self.kind == "python":
            return "python"
        return Reporter(filename, self.kind)

    def find_executable_files(self, src_dir):
        for folder, _, names in os.walk(src_dir):
            for name in names:
                if name.endswith(".list"):
                    yield os.path.join(folder, name)


class Tracer(coverage.FileTracer):
    def __init__(self, filename):
        self.filename = filename

    def source_filename(self):
        return self.filename


class Reporter(coverage.FileReporter):
    def __init__(self, filename, kind):
        super().__init__(filename)
        self.kind = kind

    def texts(self):
        return list(enumerate(self.source().splitlines(), 1))

    def lines(self):
        if self.kind == "fails":
            raise RuntimeError("no idea\nof it")
        return {n for n, text in self.texts() if text.startswith("%") and "!" not in text}

    def excluded_lines(self):
        return {n for n, text in self.texts() if text.startswith("%!")}

    def translate_lines(self, lines):
        # What goes on from one line to the next, by a backslash, is the first one's.
        texts = dict(self.texts())
        return {n - 1 if texts.get(n - 1, "").endswith("\\") else n for n in lines}

    def arcs(self):
        lines = sorted(self.lines())
        arcs = set(zip(lines, lines[1:] + [-1]))
        return arcs | {(n, -1) for n, text in self.texts() if "?" in text}

    def exit_counts(self):
        return {n: 2 for n, text in self.texts() if "?" in text}

    def no_branch_lines(self):
        return {n for n, text in self.texts() if "never mind" in text}

    def missing_arc_description(self, start, end, executed_arcs=None):
        return f"{start} did not lead to {end}"

    def arc_description(self, start, end):
        return f"lead to {end}"


def coverage_init(reg, options):
    reg.add_file_tracer(Listing(options))
