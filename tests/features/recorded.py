"""What covfork recorded: its JSON report and its ledgers."""

import json


def covfork_json(sandbox, env=None, options=""):
    """The report of the work folder, as `covfork json` writes it."""
    run = sandbox.run_well(f"covfork json -q {options} -o {sandbox.folder}/report.json", env)
    assert run.err == "", str(run)
    return json.loads((sandbox.folder / "report.json").read_text())


def read_ledger(folder):
    """The events of all sessions of a data folder."""
    events = []
    for path in sorted(folder.glob("s-*/ledger")):
        events += map(json.loads, path.read_text().splitlines())
    return events


def data_files(folder):
    """The processes' own data files."""
    return sorted(folder.glob("s-*/*.data"))
