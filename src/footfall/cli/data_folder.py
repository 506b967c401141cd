"""Who owns the data folder, and how to reach the owner. The lock makes two owners impossible;
`control.json` tells a command where the running server listens and proves that the caller may
read this folder. Neither holds anything of visitors."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from footfall.errors import ConflictError

LOCK_NAME = "lock"
CONTROL_NAME = "control.json"


class ControlFile(msgspec.Struct, frozen=True):
    """What the server writes at start and removes at stop."""

    url: str
    """Where it listens, reachable from this machine: 'http://127.0.0.1:8000'."""
    token: str
    pid: int


@contextmanager
def lock_data_folder(data_dir: Path) -> Iterator[None]:
    """Own the data folder while the block runs; the folder is made when there is none.

    The lock belongs to the process: it is gone with it, however the process ends.
    Raises ConflictError naming the owner's process id.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
            raise ConflictError(
                f"The data folder '{data_dir}' is in use by process {owner}. "
                "Wait until it ends, or choose another folder with FOOTFALL_DATA_DIR."
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


def save_control(data_dir: Path, control: ControlFile) -> None:
    """Write `control.json` whole or not at all, readable by the owner only."""
    path = data_dir / CONTROL_NAME
    draft = path.with_suffix(".draft")
    with suppress(FileNotFoundError):
        draft.unlink()
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(control))
    draft.replace(path)


def load_control(data_dir: Path) -> ControlFile | None:
    """Return what the server wrote; None when there is none or its process is gone."""
    try:
        control = msgspec.json.decode((data_dir / CONTROL_NAME).read_bytes(), type=ControlFile)
        os.kill(control.pid, 0)
    except (FileNotFoundError, ProcessLookupError, msgspec.DecodeError):
        return None
    except PermissionError:
        return None
    return control


def remove_control(data_dir: Path) -> None:
    """Remove `control.json` when the server stops."""
    with suppress(FileNotFoundError):
        (data_dir / CONTROL_NAME).unlink()
