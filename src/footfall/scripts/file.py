"""One built file in the two forms it is served in, made once at start. It refuses to be changed:
a new build is a new process."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

CORE_PATH = "/api/script.js"
"""The documented address of the tracker; every snippet out there names it."""

MODULE_PREFIX = "/api/script/"
"""Below here lie the files that the core loads when an attribute asks for them."""

CORE_CACHE = "public, max-age=86400"
"""A day: the documented rule. An update reaches every page within it."""

MODULE_CACHE = "public, max-age=31536000, immutable"
"""The name carries a hash of the content, so what it names never changes."""

_MODULE = re.compile(r"([a-z]+)-[0-9a-f]{8}\.js")


@dataclass(frozen=True, slots=True)
class Form:
    """A body as it goes over the wire."""

    body: bytes
    etag: bytes
    encoding: bytes
    """Value of Content-Encoding; b'' for none."""


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """A built file under its address."""

    path: str
    cache_control: str
    plain: Form
    compressed: Form


def parse_module_name(path: str) -> str | None:
    """Return 'vitals' for '/api/script/vitals-0123abcd.js', None for every other address."""
    match = _MODULE.fullmatch(path.removeprefix(MODULE_PREFIX))
    return match[1] if match and path.startswith(MODULE_PREFIX) else None


def load_file(source: Path) -> ScriptFile:
    """Read a built file and compress it.

    Raises ValueError for a name that no address belongs to.
    """
    body = source.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:32]
    # A fixed time and the highest level: the same bytes on every node behind a balancer.
    packed = gzip.compress(body, 9, mtime=0)
    plain = Form(body, f'"{digest}"'.encode(), b"")
    # Two forms of one address need two strong tags (RFC 9110, 8.8.3.3).
    compressed = Form(packed, f'"{digest}-gzip"'.encode(), b"gzip")
    if source.name == "script.js":
        return ScriptFile(CORE_PATH, CORE_CACHE, plain, compressed)
    path = MODULE_PREFIX + source.name
    if parse_module_name(path) is None:
        raise ValueError(f"'{source.name}' is neither script.js nor name-hash.js")
    return ScriptFile(path, MODULE_CACHE, plain, compressed)
