"""What a target says of the ways on from its lines: `# to +1, exit` of those that are taken, `# not to
+2` of those that aren't, as numbers of lines from there. Other ways on from these lines don't count."""

import json
import re
import subprocess
import sys

from sandbox import SOURCE

BRANCHES = SOURCE / "scripts" / "bench" / "branches"
MARK = re.compile(r"# (?:to (?P<to>[^a-z]*(?:exit)?[^a-z]*))?(?:not to (?P<not_to>.*))?$")


def read_ways(folder):
    """The arcs in a data folder, by the path of their source."""
    command = [sys.executable, BRANCHES, "--arcs", folder]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def marked_ways(path):
    """For each marked line its number, the ways that are taken, and those that aren't."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        mark = MARK.search(line)
        if mark and (mark["to"] or mark["not_to"]):
            yield number, parse(number, mark["to"]), parse(number, mark["not_to"])


def parse(number, text):
    words = re.findall(r"exit|[+-]\d+", text or "")
    return {word if word == "exit" else number + int(word) for word in words}


def compare_ways(path, arcs):
    """Where the arcs are otherwise than the marks: a list of sentences."""
    problems, marked = [], list(marked_ways(path))
    assert marked, f"{path} has no marks"
    for number, wanted, unwanted in marked:
        taken = {"exit" if to < 0 else to for line, to in arcs if line == number}
        found = taken & (wanted | unwanted)
        if found != wanted:
            problems.append(f"{path.name}:{number}: goes to {wanted} but {taken} was recorded")
    return problems
