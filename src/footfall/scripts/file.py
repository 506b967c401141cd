"""One built file in the two forms it is served in, made once at start. It refuses to be changed:
a new build is a new process."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

CORE_PATH = "/api/script.js"
"""The documented address of the tracker; every snippet out there names it."""

PATHS = {
    "script.js": CORE_PATH,
    "tracker.js": "/tracker.js",
    "form.js": "/form.js",
    "pulse.js": "/pulse.js",
}
"""Files with a documented address of their own."""

MODULE_PREFIX = "/api/script/"
"""Below here lie the files that the core loads when an attribute asks for them."""

CORE_CACHE = "public, max-age=86400"
"""A day: the documented rule. An update reaches every page within it."""

MODULE_CACHE = "public, max-age=31536000, immutable"
"""The name carries a hash of the content, so what it names never changes."""

BUILT = Path(__file__).with_name("built")

TEMPLATES = frozenset({"echelon.js", "grademypage.js", "grademypage-experiments.js"})
"""Built files that no address of their own belongs to: a door fills in whose page it is."""

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
    media_type: bytes = b"text/javascript; charset=utf-8"


def parse_module_name(path: str) -> str | None:
    """Return 'vitals' for '/api/script/vitals-0123abcd.js', None for every other address."""
    match = _MODULE.fullmatch(path.removeprefix(MODULE_PREFIX))
    return match[1] if match and path.startswith(MODULE_PREFIX) else None


def load_file(source: Path) -> ScriptFile:
    """Read a built file and compress it.

    Raises ValueError for a name that no address belongs to.
    """
    plain, compressed = make_forms(source.read_bytes())
    if source.name in PATHS:
        return ScriptFile(PATHS[source.name], CORE_CACHE, plain, compressed)
    path = MODULE_PREFIX + source.name
    if parse_module_name(path) is None:
        raise ValueError(f"'{source.name}' is none of {', '.join(PATHS)} and no name-hash.js")
    return ScriptFile(path, MODULE_CACHE, plain, compressed)


def find_module_path(name: str, folder: Path = BUILT) -> str:
    """Return today's address of a lazy file: '/api/script/player-0123abcd.js' for 'player'.

    Raises ValueError when there is none.
    """
    for source in sorted(folder.glob(f"{name}-*.js")):
        if parse_module_name(MODULE_PREFIX + source.name) == name:
            return MODULE_PREFIX + source.name
    raise ValueError(f"'{name}' is no file of {folder.name}")


def load_template(name: str) -> bytes:
    """Read a built file whose places are filled in before it is served."""
    return (BUILT / name).read_bytes()


def make_file(path: str, cache_control: str, body: bytes, media_type: bytes) -> ScriptFile:
    """Return a script that was filled in, compressed as well."""
    plain, compressed = make_forms(body)
    return ScriptFile(path, cache_control, plain, compressed, media_type)


def make_forms(body: bytes) -> tuple[Form, Form]:
    """Return a body as it is and compressed."""
    digest = hashlib.sha256(body).hexdigest()[:32]
    # A fixed time and the highest level: the same bytes on every node behind a balancer.
    packed = gzip.compress(body, 9, mtime=0)
    # Two forms of one address need two strong tags (RFC 9110, 8.8.3.3).
    return Form(body, f'"{digest}"'.encode(), b""), Form(
        packed, f'"{digest}-gzip"'.encode(), b"gzip"
    )
