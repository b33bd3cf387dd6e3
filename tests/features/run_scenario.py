"""Runs one scenario, or all rows of one Scenario Outline: what a ctest test starts.

usage: run_scenario.py FEATURE_FILE SCENARIO_NAME

Exit status: behave's; 77 if every scenario was skipped; 1 if there is none of that name.
"""

import re
import sys

from behave.__main__ import run_behave
from behave.configuration import Configuration
from behave.runner import Runner

SKIPPED = 77


def main(feature, name):
    """Run it and look at what ran."""
    runners = []

    class KeptRunner(Runner):
        """Can be asked afterwards."""

        def __init__(self, config):
            super().__init__(config)
            runners.append(self)

    # behave fills the placeholders in the names of an outline's rows, and adds " -- @1.1 Examples".
    filled = ".*".join(re.escape(part) for part in re.split("<[^>]*>", name))
    pattern = f"^{filled}( -- @.*)?$"
    options = ["--format", "plain", "--no-capture", "--no-color", "--no-skipped", "--no-timings"]
    config = Configuration([*options, "--name", pattern, feature], load_config=False)
    status = run_behave(config, KeptRunner)
    scenarios = [
        scenario
        for parsed in (runners[0].features if runners else ())
        for scenario in parsed.walk_scenarios()
        if re.match(pattern, scenario.name)
    ]
    if not scenarios:
        print(f"{feature} has no scenario {name!r}")
        return 1
    if status == 0 and all(scenario.status.name == "skipped" for scenario in scenarios):
        return SKIPPED
    if status == 0 and not all(s.status.name in ("passed", "skipped") for s in scenarios):
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
