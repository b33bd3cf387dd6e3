"""A folder of its own for each scenario."""

import shutil
import tempfile
from pathlib import Path


def before_scenario(context, scenario):
    context.folder = Path(tempfile.mkdtemp())


def after_scenario(context, scenario):
    shutil.rmtree(context.folder)
    if scenario.status.name == "failed":
        print("failed:", scenario.name)
