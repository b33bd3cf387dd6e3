"""The database template: built once a process, copied for each scenario."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from shop.storage import build_template

_built = {}


def template_path():
    """The template of this process. A forked worker builds its own."""
    pid = os.getpid()
    if pid not in _built:
        folder = Path(tempfile.mkdtemp(prefix="shop-template-"))
        _built[pid] = build_template(folder / "template.db")
        atexit.register(_remove, pid, folder)
    return _built[pid]


def forget_template():
    """Remove the template at the end of a run: a worker process may not come to atexit."""
    path = _built.pop(os.getpid(), None)
    if path is not None:
        shutil.rmtree(path.parent, ignore_errors=True)


def _remove(pid, folder):
    if os.getpid() == pid:
        shutil.rmtree(folder, ignore_errors=True)
