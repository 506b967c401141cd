"""`control.json` in the data folder: where the running server listens, and a token that proves
that a caller may read the folder. The server writes it at start and removes it at stop."""

import os
from pathlib import Path

import msgspec

from footfall.store.folder import DataFolder

CONTROL_NAME = "control.json"


class ControlFile(msgspec.Struct, frozen=True):
    """What the file says."""

    url: str
    """Where the server listens, reachable from this machine: 'http://127.0.0.1:8000'."""
    token: str
    pid: int


def save_control(folder: DataFolder, control: ControlFile) -> None:
    """Write the file, readable by its owner only, when the server is ready."""
    folder.save_private(CONTROL_NAME, msgspec.json.encode(control))


def remove_control(folder: DataFolder) -> None:
    """Remove the file when the server stops."""
    folder.remove(CONTROL_NAME)


def load_control(data_dir: Path) -> ControlFile | None:
    """Return what the server wrote; None when there is no file or its process is gone.

    Also None when this user may not read the file: then the folder is not theirs to work on.
    """
    try:
        control = msgspec.json.decode((data_dir / CONTROL_NAME).read_bytes(), type=ControlFile)
        os.kill(control.pid, 0)
    except (OSError, msgspec.DecodeError):
        return None
    return control
