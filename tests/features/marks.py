"""What a target says of its own lines: `# ran` on those that certainly run, `# not run` on the
statements that certainly don't. A target marks every statement, so that it can be compared exactly."""

import re

MARK = re.compile(r"# (ran|not run)(?: \(.*\))?$")


def read_marks(path):
    """The numbers of the lines that run, and of those that don't."""
    ran, not_run = [], []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        mark = MARK.search(line)
        if mark:
            (ran if mark[1] == "ran" else not_run).append(number)
    assert ran or not_run, f"{path} has no marks"
    return ran, not_run


def compare(path, recorded):
    """What `covfork json` says of a file otherwise than its marks do: a list of sentences."""
    ran, not_run = read_marks(path)
    if recorded is None:
        return [f"{path.name}: not in the report"]
    return [
        f"{path.name}: {what} should be {wanted} but are {recorded[key]}"
        for what, key, wanted in (
            ("executed lines", "executed_lines", ran),
            ("missing lines", "missing_lines", not_run),
        )
        if recorded[key] != wanted
    ]
