"""The jobs of the continuous integration: tests, and tests with coverage.

What stands behind `--` goes to behave_parallel: `nox -s unit_tests -- --processes 2 FEATURE`
(to pabot in `integration_tests`).
EXAMPLE_PYTHON chooses another interpreter than nox's own.
"""

import json
import os
from pathlib import Path

import nox

GATE = 97
BUILD = Path("build")
SUMMARY = BUILD / "behave.json"
REPORT = BUILD / "coverage.json"

nox.options.sessions = ["unit_tests"]
session_options = {
    "python": os.environ.get("EXAMPLE_PYTHON"),
    "venv_backend": "uv",
    "reuse_venv": True,
}


def prepare(session):
    """Install what the suite needs, and leave nothing of an older run to be mistaken for ours."""
    session.install("-r", "requirements.txt")
    BUILD.mkdir(exist_ok=True)
    for path in (SUMMARY, REPORT):
        path.unlink(missing_ok=True)


def behave_arguments(session):
    return ["behave_parallel.py", "--summary-json", str(SUMMARY), *session.posargs]


def require_success(session):
    """Fail the session if the suite failed: the coverage runs go on with a report until here."""
    if not SUMMARY.exists():
        session.error("the suite did not come to its end")
    if json.loads(SUMMARY.read_text())["status"] != 0:
        session.error("features failed")


@nox.session(**session_options)
def unit_tests(session):
    """The suite in parallel, without coverage."""
    prepare(session)
    session.run("python", *behave_arguments(session))


@nox.session(**session_options)
def integration_tests(session):
    """The suites in integration/ by Robot Framework, in parallel by pabot, without coverage."""
    session.install("-r", "integration/requirements.txt")
    suites = session.posargs or ["integration"]
    session.run("pabot", "--outputdir", str(BUILD / "robot"), "--pythonpath", ".", *suites)


@nox.session(**session_options)
def e2e(session):
    """The server and the command line from outside, without coverage."""
    session.run("python", "e2e/run.py")


@nox.session(**session_options)
def coverage_report(session):
    """The suite with coverage: in parallel under covfork, else in one process under slipcover."""
    prepare(session)
    if "COVFORK_SESSION" not in os.environ:
        session.log("covfork is not active: measuring one process with slipcover")
        measure_sequentially(session)
        return
    session.env["BEHAVE_PARALLEL_COVERAGE"] = "1"
    if not session.run("python", *behave_arguments(session), success_codes=[0, 1]):
        return  # nox --install-only
    collect = os.environ.get("COVFORK_COLLECT", "covfork-collect")
    session.run(collect, "json", "-o", str(REPORT), external=True)
    session.run(collect, "report", f"--fail-under={GATE}", external=True)
    require_success(session)


@nox.session(**session_options)
def coverage_report_sequential(session):
    """The suite in one process under slipcover, whether covfork is there or not."""
    prepare(session)
    measure_sequentially(session)


def measure_sequentially(session):
    session.env["BEHAVE_PARALLEL_COVERAGE"] = "1"
    # Not slipcover's --fail-under: with it, 1.1.0 collects what forked children wrote a second
    # time, after their files are closed, and writes no report.
    ran = session.run(
        "python", "-m", "slipcover", "--source", "shop", "--json", "--out", str(REPORT),
        # Under covfork the variable alone would not do: slipcover needs one process anyway.
        *behave_arguments(session), "--sequential", success_codes=[0, 1])
    if not ran:  # nox --install-only
        return
    summary = json.loads(REPORT.read_text())["summary"]
    covered = summary["percent_covered"]
    # Children that were started, not forked, are missing here: this is less than there is.
    session.log(f"{covered:.2f} % of the lines are covered, as far as one process can see")
    if covered < GATE:
        session.error(f"coverage is below {GATE} %")
    require_success(session)
