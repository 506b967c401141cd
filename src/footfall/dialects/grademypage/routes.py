"""The table of GradeMyPage's routes. All four are plain ASGI, as pages and backends call them for
every visit; the management call beside them is in `admin`."""

from footfall.dialects.grademypage.active import Active
from footfall.dialects.grademypage.script import PATH, Script
from footfall.dialects.grademypage.server_event import ServerEvents
from footfall.dialects.grademypage.track import Track, TrackIngest
from footfall.http.cors import CorsRule
from footfall.http.front_door import CorsPath, HotRoute
from footfall.http.short import step_through
from footfall.ingest.once import OnceIntake
from footfall.projects.server_key import ServerKeys

PREFIX = "/api/analytics/"

GRADEMYPAGE_CORS = CorsRule(
    methods=("GET", "POST", "OPTIONS"),
    headers=("content-type",),
    exposed=("footfall-dropped", "retry-after"),
)
"""Any page may call what the script calls; no credentials, and no secret key from a page."""


def make_grademypage_hot_routes(
    ingest: TrackIngest, once: OnceIntake, keys: ServerKeys
) -> tuple[HotRoute, ...]:
    """Return the paths that bypass the web framework."""
    track = Track(ingest)
    active = Active(ingest.directory, ingest.experiments, GRADEMYPAGE_CORS)
    return (
        HotRoute(PATH, Script(ingest.directory, ingest.experiments), access="open"),
        HotRoute(f"{PREFIX}track", track, access="ingest", begin=step_through(track)),
        HotRoute(f"{PREFIX}server-events", ServerEvents(ingest, once, keys), access="ingest"),
        HotRoute(f"{PREFIX}experiments/active", active, access="open"),
    )


def make_grademypage_cors_paths() -> tuple[CorsPath, ...]:
    """Return where GradeMyPage's CORS rule holds."""
    return (CorsPath(PREFIX, GRADEMYPAGE_CORS),)
