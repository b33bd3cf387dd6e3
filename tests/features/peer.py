"""coverage.py, doing the same work."""

import json


def run_coverage(sandbox, work, commands, python="python"):
    """Do the work under coverage.py instead; its reports, by name. Its files lie elsewhere."""
    env = {"COVERAGE_FILE": str(sandbox.folder / "peer.coverage")}
    run = sandbox.run(f"{python} -m coverage run {work}", env)
    assert run.status == 0, str(run)
    return {name: sandbox.run(f"{python} -m coverage {name}", env) for name in commands}


def coverage_lines(sandbox, work, python="python"):
    """The lines that coverage.py finds when it does the work in one process."""
    path = sandbox.folder / "peer.json"
    run = run_coverage(sandbox, work, [f"json -q -o {path}"], python).popitem()[1]
    assert run.status == 0, str(run)
    return lines_of(json.loads(path.read_text()))


def coverage_lines_with_children(sandbox, work, source):
    """Likewise, with the lines of the children that keep their environment."""
    site = sandbox.folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text("import coverage\ncoverage.process_startup()\n")
    config = sandbox.folder / "peer.rc"
    config.write_text(f"[run]\nparallel = true\nsource = {sandbox.work / source}\n")
    env = {"COVERAGE_FILE": str(sandbox.folder / "peer.coverage")}
    children = {"COVERAGE_PROCESS_START": str(config), "PYTHONPATH": str(site)}
    sandbox.run_well(f"python {work}", {**env, **children})
    sandbox.run_well("python -m coverage combine -q", env)
    sandbox.run_well(f"python -m coverage json -q -o {sandbox.folder}/peer.json", env)
    return lines_of(json.loads((sandbox.folder / "peer.json").read_text()))


def coverage_lines_of_all(sandbox, work, source):
    """Likewise, with all children that keep their environment or are forked, however they end."""
    config = sandbox.folder / "peer.rc"
    config.write_text(
        f"[run]\nparallel = true\nsource = {sandbox.work / source}\n"
        "concurrency = multiprocessing, thread\npatch = subprocess, _exit\n"
    )
    env = {"COVERAGE_FILE": str(sandbox.folder / "peer.coverage"), "COVFORK_ENGINE": "off"}
    sandbox.run_well(f"python -m coverage run --rcfile={config} {work}", env)
    sandbox.run_well(f"python -m coverage combine -q --rcfile={config}", env)
    sandbox.run_well(f"python -m coverage json -q -o {sandbox.folder}/peer.json", env)
    return lines_of(json.loads((sandbox.folder / "peer.json").read_text()))


def lines_of(report):
    """Executed and missing lines of the files below the work folder."""
    return {
        name: (entry["executed_lines"], entry["missing_lines"])
        for name, entry in report["files"].items()
        if not name.startswith(("/", ".."))
    }


def explain(own, peer, names=("covfork", "coverage.py")):
    """What two such tables see differently, in words."""
    problems = []
    for name in sorted({*own, *peer}):
        if name not in own or name not in peer:
            problems.append(f"{name}: only {names[0] if name in own else names[1]} has it")
            continue
        for what, mine, theirs in zip(("executed", "missing"), own[name], peer[name]):
            if mine != theirs:
                more, less = sorted({*mine} - {*theirs}), sorted({*theirs} - {*mine})
                problems.append(f"{name}: {what}: {more} only for {names[0]}, {less} only for {names[1]}")
    return problems
