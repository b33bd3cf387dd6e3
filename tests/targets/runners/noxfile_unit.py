"""The unit tests of the shop in two sessions with environments of their own."""

import nox


@nox.session
@nox.parametrize("modules", [["test_money", "test_query"], ["test_processes"]], ids=["one", "two"])
def unit(session, modules):
    session.run("python", "-m", "unittest", "-q", *(f"tests.{name}" for name in modules))
