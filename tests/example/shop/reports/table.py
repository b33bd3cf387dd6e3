"""A table and the forms in which it can be written: text, Markdown, CSV, JSON, HTML."""

import csv
import html
import io
import json

from shop.errors import InvalidValue
from shop.money import Money


class Table:
    """Named columns and rows of values. Columns in `money` hold cents."""

    def __init__(self, title, columns, money=()):
        self.title = title
        self.columns = list(columns)
        self.money = frozenset(money)
        self.rows = []

    def add(self, *values):
        if len(values) != len(self.columns):
            raise InvalidValue(f"{self.title}: {len(self.columns)} values expected")
        self.rows.append(list(values))
        return self

    def column(self, name):
        if name not in self.columns:
            raise InvalidValue(f"{self.title} has no column {name}")
        index = self.columns.index(name)
        return [row[index] for row in self.rows]

    def total(self, name):
        return sum(self.column(name))

    def sort(self, name, descending=False):
        index = self.columns.index(name)
        self.rows.sort(key=lambda row: row[index], reverse=descending)
        return self

    def group(self, by, *sums):
        """A smaller table: one row for each value of `by`, with the sums of other columns."""
        groups = {}
        for key, *values in zip(self.column(by), *(self.column(name) for name in sums)):
            totals = groups.setdefault(key, [0] * len(sums))
            for place, value in enumerate(values):
                totals[place] += value
        result = Table(f"{self.title} by {by}", [by, *sums], self.money & set(sums))
        for key in sorted(groups):
            result.add(key, *groups[key])
        return result

    def _cell(self, column, value):
        if column in self.money:
            return str(Money(value))
        if isinstance(value, float):
            return f"{value:.2f}"
        return "" if value is None else str(value)

    def _cells(self):
        return [[self._cell(c, v) for c, v in zip(self.columns, row)] for row in self.rows]

    def _is_numeric(self, index):
        return bool(self.rows) and all(isinstance(row[index], (int, float)) for row in self.rows)

    def to_text(self):
        cells = self._cells()
        widths = [max(map(len, column)) for column in zip(self.columns, *cells)]
        right = [self._is_numeric(index) for index in range(len(self.columns))]

        def line(values):
            parts = [
                value.rjust(width) if number else value.ljust(width)
                for value, width, number in zip(values, widths, right)
            ]
            return "  ".join(parts).rstrip()

        rule = "  ".join("-" * width for width in widths)
        return "\n".join([self.title, line(self.columns), rule, *map(line, cells)]) + "\n"

    def to_markdown(self):
        def line(values):
            return "| " + " | ".join(value.replace("|", "\\|") for value in values) + " |"

        marks = ["---:" if self._is_numeric(i) else "---" for i in range(len(self.columns))]
        return "\n".join([line(self.columns), line(marks), *map(line, self._cells())]) + "\n"

    def to_csv(self):
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self._cells())
        return stream.getvalue()

    def to_json(self):
        rows = [dict(zip(self.columns, row)) for row in self.rows]
        return json.dumps({"title": self.title, "rows": rows}, indent=2, default=str) + "\n"

    def to_html(self):
        def row(values, tag):
            cells = "".join(f"<{tag}>{html.escape(value)}</{tag}>" for value in values)
            return f"<tr>{cells}</tr>"

        body = "\n".join(row(cells, "td") for cells in self._cells())
        return (f"<table>\n<caption>{html.escape(self.title)}</caption>\n"
                f"{row(self.columns, 'th')}\n{body}\n</table>\n")

    def render(self, form="text"):
        try:
            writer = getattr(self, f"to_{form}")
        except AttributeError:
            raise InvalidValue(f"no such format: {form}") from None
        return writer()
