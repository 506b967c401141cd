"""The operator's secrets: taken from the settings, else made on first start and kept in the data
folder with mode 0600. They are printed once, when they are made."""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Protocol

GENERATED = ("PULSE_ADMIN_TOKEN", "ECHELON_SECRET", "ANALYTICS_API_KEY")
"""Settings that are made when nobody sets them."""

_FILE = "secrets.json"


class PrivateFiles(Protocol):
    """Where secrets are kept."""

    def load_json(self, name: str) -> dict[str, Any]:
        """Return a JSON object; {} when there is none."""
        ...

    def save_private(self, name: str, content: bytes) -> None:
        """Replace a private file as a whole."""
        ...


class Secrets:
    """The secrets of this installation."""

    def __init__(self, files: PrivateFiles, settings: Mapping[str, str]) -> None:
        """Load what is kept and make what is missing. `made` names what was made just now."""
        kept = files.load_json(_FILE)
        self.made: dict[str, str] = {}
        self._values: dict[str, str] = {}
        for name in GENERATED:
            value = settings.get(name) or kept.get(name)
            if not value:
                value = secrets.token_urlsafe(24)
                self.made[name] = value
            self._values[name] = value
        if "lasting_key" not in kept:
            kept["lasting_key"] = secrets.token_hex(32)
        self.lasting_key = bytes.fromhex(kept["lasting_key"])
        """32 bytes that sign the dashboard's cookies, so that a restart signs nobody out."""
        if self.made or not files.load_json(_FILE):
            files.save_private(_FILE, json.dumps(kept | self.made, indent=1).encode())

    def text(self, name: str) -> str:
        """Return a secret by the name of its setting."""
        return self._values[name]
