"""Recordings as values: what is known of one without opening it, and what is looked for."""

from dataclasses import dataclass

_UNSIGNED = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Source:
    """Whose visit a piece belongs to."""

    project: int
    session: int
    """As events carry it."""
    session_id: str
    visitor_id: str
    """As its sender knows it; '' where visitors are not to be known again."""
    site_key: str = ""
    host: str = ""
    """The registered domain whose page sends; '' for one that nobody registered."""
    skew_us: int = 0
    """How far the sender's clock is behind ours."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded visit."""

    number: int
    project: int
    session: int
    session_id: str
    visitor_id: str
    site_key: str
    host: str
    """Domain whose pictures and fonts may be loaded to show it; '' for none."""
    entry_page: str
    """Address without query string of the first recorded page."""
    skew_us: int
    started_at_us: int
    duration_us: int
    """From the first recorded event to the last."""
    created_at_us: int
    changed_at_us: int
    """When its first and its last piece came."""
    chunks: int
    events: int
    pages: int
    size_bytes: int
    """As it is kept, compressed."""

    @property
    def folder(self) -> str:
        """Where its objects lie."""
        return name_folder(self.project, self.session)


@dataclass(frozen=True, slots=True)
class ChunkEntry:
    """A piece that is kept."""

    seq: int
    first_ms: int
    last_ms: int
    events: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which recordings of a project are looked for, newest first."""

    project: int
    since_us: int | None = None
    until_us: int | None = None
    """Begun in between; the end does not belong to it."""
    visitor_id: str = ""
    min_duration_us: int = 0
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class RecordingLimits:
    """What is taken and for how long it is kept."""

    keep_days: int = 30
    day_bytes: int = 1_000_000_000
    """Of one project's recordings that begin on one day (UTC); 0 for no limit."""


def name_folder(project: int, session: int) -> str:
    """Return where the objects of a session's recording lie."""
    return f"{FOLDER}/{project}/{session & _UNSIGNED:016x}"


def name_chunk(project: int, session: int, seq: int) -> str:
    """Return the name of a piece among the objects."""
    return f"{name_folder(project, session)}/{seq}.json.gz"


def parse_folder(name: str) -> tuple[int, int] | None:
    """Return project and session of an object's name; None for a name that is not ours."""
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != FOLDER or not parts[1].isdecimal():
        return None
    try:
        session = int(parts[2], 16)
    except ValueError:
        return None
    return int(parts[1]), session - (_UNSIGNED + 1) if session >> 63 else session


FOLDER = "replay"
"""Of the object store; below it lies one for each project, in it one for each session."""
