"""The sessions of a project that knows nothing of covfork."""

import nox

nox.options.sessions = ["tests"]


@nox.session(venv_backend="uv")
def tests(session):
    session.install("behave==1.3.3", "behave-pool==1.3.0")
    session.run("behave-pool", "-j", "2", "--no-color", *session.posargs)


@nox.session(venv_backend="uv")
def lint(session):
    session.install("ruff")
    session.run("ruff", "check")
