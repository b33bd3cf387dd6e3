"""Packages in the versions that scripts/pins has for each Python: what the benchmarks install."""

import os
import subprocess
import sys

SCRIPTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PINS = os.path.join(SCRIPTS, "pins")
# The interpreter of scripts/setup.
TOOLS = os.path.join(os.path.dirname(SCRIPTS), "build", "tools", "bin", "python")


def install(python, *packages, **options):
    """Install packages or groups (@NAME) for `python`, or into the folder `target`; ends the benchmark where it can't."""
    if not try_install(python, *packages, **options):
        sys.exit(1)


def try_install(python, *packages, **options):
    """Did it go well? What was wrong is on stderr."""
    target = ["--target", options["target"]] if "target" in options else []
    command = [os.path.join(SCRIPTS, "install-pinned"), *target, python, *packages]
    return subprocess.run(command).returncode == 0


def make_venv(python, folder, *packages):
    """The interpreter of a virtual environment that has the packages; it is made if it isn't there."""
    inside = os.path.join(folder, "bin", "python")
    if not os.path.exists(inside):
        subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
        install(inside, *packages)
    return inside
