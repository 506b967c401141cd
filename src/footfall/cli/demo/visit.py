"""One visit while it happens: a clock that moves on, and the signals it leaves behind, with the
small things every page has (time seen, depth scrolled, loading times, errors)."""

from random import Random
from zlib import crc32

import msgspec

from footfall.cli.demo.person import Person
from footfall.ingest.request import Signal
from footfall.surveys.submission import Submission

_US = 1_000_000
_REVENUE_SCALE = 1_000_000
_VITALS_SHARE = 0.18
"""Visits that report loading times: enough for a p75 a day, and not half of all events."""

_ERRORS: tuple[tuple[float, str], ...] = (
    (0.004, "TypeError: Cannot read properties of undefined (reading 'total')"),
    (0.003, "NetworkError when attempting to fetch resource."),
    (0.002, "ResizeObserver loop completed with undelivered notifications."),
    (0.001, "QuotaExceededError: The quota has been exceeded."),
)

_LIMITS = {
    "LCP": (2500, 4000),
    "FCP": (1800, 3000),
    "TTFB": (800, 1800),
    "INP": (200, 500),
    "CLS": (0.1, 0.25),
}
"""Google's bounds between good, needs improvement and poor."""

_CLICKS_SHARE = 0.4
"""Pages whose clicks are told: enough for a map, and not a third of all events."""

_PLACES: tuple[tuple[str, float, float, float], ...] = (
    ("nav a.brand", 0.06, 40, 0.5),
    ("nav a:nth-of-type(2)", 0.34, 44, 1.4),
    ("nav a:nth-of-type(4)", 0.52, 44, 0.9),
    ("form.search input", 0.82, 46, 0.8),
    ("main a.hero", 0.28, 380, 2.2),
    ("main .card:nth-child(1) a", 0.20, 760, 1.8),
    ("main .card:nth-child(2) a", 0.50, 770, 1.2),
    ("main .card:nth-child(3) a", 0.79, 765, 0.9),
    ("main img.large", 0.30, 1180, 0.7),
    ("footer a.imprint", 0.24, 2060, 0.15),
)
"""What is clicked: an element, its place as a share of the width and in pixels from the top, how
often."""

_encode = msgspec.json.encode


class Visit:
    """Collects the signals of one visit in order of time."""

    def __init__(self, rng: Random, person: Person, origin: str, start_us: int) -> None:
        self.rng = rng
        self.person = person
        self.is_loyal = False
        """Was here before."""
        self.signals: list[Signal] = []
        self._origin = origin
        self._host = origin.partition("://")[2].partition("/")[0]
        self._now_us = start_us
        self._referrer = ""
        self._tags = ""
        self._url = ""

    def come_from(self, referrer: str, tags: str) -> None:
        """Set where the first page is reached from."""
        self._referrer, self._tags = referrer, tags

    def read(self, path: str, title: str, seconds: float, depth: float = 0.6) -> None:
        """See a page for about so many seconds, down to about this share of it."""
        rng = self.rng
        is_first = not self.signals
        tags, self._tags = self._tags, ""
        self._url = f"{self._origin}{path}"
        self._put("pageview", title=title, referrer=self._referrer, tags=tags, is_interactive=True)
        self._referrer = self._url
        if is_first and rng.random() < _VITALS_SHARE:
            self._put_vitals()
        for share, message in _ERRORS:
            if rng.random() < share * self.person.device.slowness:
                self._wait(0.4)
                self._put("error", name=message, props=_encode(_place_error(message)))
        spent_s = min(rng.lognormvariate(0.0, 0.8) * seconds, 1500.0)
        self._wait(spent_s)
        if spent_s >= 1.0:
            self._put("engagement", engagement_ms=int(spent_s * rng.uniform(0.55, 1.0) * 1_000))
        if rng.random() < _CLICKS_SHARE:
            self._put_clicks()
        if rng.random() < 0.35:
            reached = min(max(rng.gauss(depth, 0.22), 0.05), 1.0)
            self._put("scroll_depth", value=float(round(reached * 20) * 5))

    def act(self, name: str, props: dict[str, object] | None = None, *, euro: float = 0.0) -> None:
        """Send a custom event, perhaps with revenue."""
        self._wait(self.rng.uniform(0.5, 4))
        self._put(
            "event",
            name=name,
            props=_encode(props) if props else b"",
            revenue_micros=round(euro * _REVENUE_SCALE),
            currency="EUR" if euro else "",
            is_interactive=True,
        )

    def search(self, words: str, results: int) -> None:
        """Search the site."""
        self._wait(self.rng.uniform(1, 6))
        props = _encode({"results_count": results})
        self._put("search", name=words, value=float(results), props=props)

    def leave_to(self, url: str) -> None:
        """Follow a link to somewhere else."""
        self._wait(self.rng.uniform(0.5, 3))
        self._put("outlink", name=url)

    def download(self, url: str) -> None:
        """Fetch a file."""
        self._wait(self.rng.uniform(0.5, 3))
        self._put("download", name=url)

    def identify(self, traits: dict[str, object]) -> None:
        """Say what kind of customer it is; never who."""
        self._put("identify", props=_encode(traits))

    def see_variant(self, experiment: str, variants: tuple[str, str]) -> str:
        """Show a variant of an experiment, the same whenever the same person comes."""
        who = self.person.visitor_id or self.person.ip
        variant = variants[crc32(f"{experiment}/{who}".encode()) % 2]
        self._put("exposure", name=experiment, props=_encode({"variant_id": variant}))
        return variant

    def answer(self, answers: list[tuple[str, object]]) -> None:
        """Answer the survey of the site; whoever sends the history knows which one that is."""
        self._wait(self.rng.uniform(6, 30))
        self._put("survey_response", value=1.0)
        self.signals[-1].form = Submission("", answers, is_completed=True)

    def pause(self, seconds: float) -> None:
        """Do nothing for a while, with the page in the background."""
        self._wait(seconds)

    def _wait(self, seconds: float) -> None:
        self._now_us += int(seconds * _US) + 1_000

    def _put(
        self,
        kind: str,
        *,
        name: str = "",
        title: str = "",
        referrer: str = "",
        tags: str = "",
        value: float = 0.0,
        engagement_ms: int = 0,
        revenue_micros: int = 0,
        currency: str = "",
        props: bytes = b"",
        is_interactive: bool = False,
    ) -> None:
        person = self.person
        self.signals.append(
            Signal(
                kind,
                name=name,
                url=f"{self._url}?{tags}" if tags else self._url,
                site=self._host,
                title=title,
                referrer=referrer,
                ts_us=self._now_us,
                visitor_id=person.visitor_id,
                screen=person.screen,
                language=person.language,
                value=value,
                engagement_ms=engagement_ms,
                revenue_micros=revenue_micros,
                currency=currency,
                props=props,
                is_interactive=is_interactive,
            )
        )
        self._now_us += 1_000

    def _put_clicks(self) -> None:
        rng = self.rng
        width = int(self.person.screen.partition("x")[0] or 1280)
        weights = [weight for *_, weight in _PLACES]
        for selector, at, top, _ in rng.choices(_PLACES, weights, k=rng.choice((1, 1, 2))):
            place = {
                "x": round(at * width + rng.gauss(0, 14)),
                "y": round(top + rng.gauss(0, 10)),
                "viewport_width": width,
            }
            self._wait(rng.uniform(0.4, 3))
            self._put("click", name=selector, props=_encode(place))

    def _put_vitals(self) -> None:
        rng, slowness = self.rng, self.person.device.slowness
        lcp = rng.lognormvariate(7.25, 0.45) * slowness
        values = {
            "TTFB": rng.lognormvariate(5.6, 0.5) * slowness,
            "FCP": lcp * rng.uniform(0.45, 0.85),
            "LCP": lcp,
            "INP": rng.lognormvariate(4.5, 0.6) * slowness,
            "CLS": max(rng.gauss(0.03, 0.06), 0.0),
        }
        for name, value in values.items():
            good, poor = _LIMITS[name]
            rating = "good" if value <= good else "poor" if value > poor else "needs-improvement"
            rounded = round(value, 3 if name == "CLS" else 0)
            self._put("web_vital", name=name, value=rounded, props=_encode({"rating": rating}))


def _place_error(message: str) -> dict[str, object]:
    """Say where an error happened, as browsers do; the same message breaks at the same place."""
    line = 40 + crc32(message.encode()) % 400
    stack = f"{message}\n    at render (/app.js:{line}:13)\n    at update (/app.js:{line + 31}:5)"
    return {"filename": "/app.js", "lineno": line, "colno": 13, "stack": stack}
