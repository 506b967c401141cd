"""Views and events as Echelon's script packs them, and a browser that solves the proof."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote, urlencode

from footfall.bots.proof.desk import ProofDesk
from tests.site import CHROME, Site
from tests.unit.http.asgi_call import Answered

SESSION = "0b0e7a52-0c53-4a3a-9d4e-6f5b5c0a1b2c"
HEADERS = (
    ("User-Agent", CHROME),
    ("Accept", "image/*"),
    ("Accept-Language", "de-AT,de;q=0.9"),
    ("Sec-Fetch-Site", "cross-site"),
    ("Origin", "https://shop.example"),
)


def pack(text: str) -> str:
    """Pack a text as base64 of its percent-encoded form."""
    return b64encode(quote(text, safe="/?=&-._~").encode()).decode()


def solve(site: Site, session: str = SESSION, site_id: str = "default") -> str:
    """Answer the running challenge as a browser does."""
    desk = ProofDesk(
        site.footfall.secrets.text("ECHELON_SECRET").encode(), site.clock, window_minutes=10
    )
    text = f"{desk.give().text}:{session}:{site_id}".encode()
    return desk._find_function(site.clock.now_us() // (6 * 3_600_000_000)).solve(text).hex()


async def view(
    site: Site,
    path: str = "/",
    *,
    ip: str = "198.51.100.1",
    headers: tuple[tuple[str, str], ...] = HEADERS,
    token: str | None = None,
    **values: Any,
) -> Answered:
    """Send the view of a page."""
    given = {"p": pack(path), "s": "default", "sid": SESSION, "_v": "1500", "sw": 1920, "sh": 1080}
    given |= {"ref": pack("https://news.example/"), **values}
    given["tok"] = solve(site, str(given["sid"] or ""), str(given["s"])) if token is None else token
    query = urlencode({k: v for k, v in given.items() if v is not None})
    return await site.call("GET", f"/b.gif?{query}", headers=headers, ip=ip)


async def send(
    site: Site,
    *events: dict[str, Any],
    ip: str = "198.51.100.1",
    headers: tuple[tuple[str, str], ...] = HEADERS,
    **changes: Any,
) -> Answered:
    """Send events of a page."""
    body = {
        "events": [{"sessionId": SESSION, **event} for event in events],
        "siteId": "default",
        "tok": solve(site, events[0].get("sessionId", SESSION)),
        **changes,
    }
    return await site.call("POST", "/e", body, headers=headers, ip=ip)
