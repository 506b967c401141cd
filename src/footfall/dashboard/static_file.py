"""The files a page loads: stylesheet, scripts, font, icon. Each is served under a name that holds
the hash of its content, so that browsers keep it for good and a new version has a new name."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from footfall.errors import NotFoundError

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file in memory, ready to send."""

    name: str
    """Name with the hash: 'vendor/htmx-1a2b3c4d5e.js'."""
    media_type: str
    etag: str
    plain: bytes
    zipped: bytes | None
    """gzip; None for what is packed already."""


@cache
def load_static_files() -> dict[str, StaticFile]:
    """Read all files once, by their plain name ('vendor/htmx.js')."""
    paths = sorted(p for p in FOLDER.rglob("*") if p.suffix in TYPES)
    sources = {p.relative_to(FOLDER).as_posix(): p.read_bytes() for p in paths}
    fonts = {k: _make_file(k, v) for k, v in sources.items() if k.endswith(".woff2")}
    made = dict(fonts)
    for key, content in sources.items():
        if key in fonts:
            continue
        is_stylesheet = key.endswith(".css")
        made[key] = _make_file(key, _name_fonts(content, fonts) if is_stylesheet else content)
    return made


def _name_fonts(stylesheet: bytes, fonts: dict[str, StaticFile]) -> bytes:
    for name, font in fonts.items():
        stylesheet = stylesheet.replace(name.encode(), font.name.encode())
    return stylesheet


def _make_file(key: str, content: bytes) -> StaticFile:
    mark = sha256(content).hexdigest()[:10]
    stem, _, suffix = key.rpartition(".")
    zipped = None if suffix == "woff2" else gzip.compress(content, 9, mtime=0)
    return StaticFile(f"{stem}-{mark}.{suffix}", TYPES[f".{suffix}"], f'"{mark}"', content, zipped)


@cache
def _by_hashed_name() -> dict[str, StaticFile]:
    return {f.name: f for f in load_static_files().values()}


def find_static_file(name: str) -> StaticFile:
    """Return a file by its name with the hash. Raises NotFoundError."""
    try:
        return _by_hashed_name()[name]
    except KeyError:
        raise NotFoundError("File", name) from None
