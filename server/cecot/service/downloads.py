"""The files to download, written by a process of their own that lets others compute first."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from cecot.dataset.description import Description
from cecot.dataset.store import Loaded
from cecot.render.dumps import read_dumps, write_dumps
from cecot.service.processes import fork
from cecot.settings import Settings

NICENESS = 10
"""A tenth of what a query gets, where both want to compute (setpriority(2))."""


def downloads_beside(address: Path) -> Path:
    """Give the folder of the files, for the graph that is served at ``address``."""
    return address.with_name(f"{address.name}-downloads")


def start_writing(
    loaded: Loaded, description: Description, settings: Settings, folder: Path
) -> None:
    """Fork a child that writes the files of ``loaded`` into ``folder``, and do not wait for it.

    It ends with this process. Nothing is written anew that a predecessor has written.
    """
    if read_dumps(folder).is_of(description.version):
        return
    root = settings.public_url.rstrip("/")

    def write() -> None:
        # What the graph process listens on, and talks through, is not for this one.
        os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        os.nice(NICENESS)
        write_dumps(loaded, description, folder, lambda path: root + path)

    fork(write, name="cecot-downloads")
