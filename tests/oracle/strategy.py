"""Random sites and random questions for Hypothesis, around the instants where clocks misbehave."""

from typing import Any

from hypothesis import strategies as st

from tests.oracle.answer import METRICS
from tests.oracle.question import Condition, Question
from tests.oracle.session import FIRST_EVENT_FIELDS, Event, assign_sessions

HOUR_US = 3_600_000_000

MOMENTS = (
    ("UTC", 1_780_272_000_000_000),  # 2026-06-01 00:00
    ("Europe/Berlin", 1_774_746_000_000_000),  # 2026-03-29, 23 hours long
    ("Europe/Berlin", 1_792_893_600_000_000),  # 2026-10-25, 25 hours long
    ("Asia/Kathmandu", 1_780_251_300_000_000),  # +05:45
    ("Africa/Cairo", 1_776_981_600_000_000),  # 2026-04-24 begins at 01:00
    ("Australia/Lord_Howe", 1_775_314_800_000_000),  # half an hour back
    ("America/Santiago", 1_788_667_200_000_000),  # 2026-09-06 begins at 01:00
)

PATHS = ("/", "/a", "/a/b", "/100%", "/c_d", "")
NAMES = ("signup", "buy", "sign up", "")
COUNTRIES = ("DE", "NP", "")
SOURCES = ("Google", "")
PROPS: tuple[dict[str, Any], ...] = (
    {},
    {"plan": "pro"},
    {"plan": 9},
    {"plan": "9", "a/b~c": True},
    {"plan": None},
    {"plan": 1.0, 'q"k': "x"},
    {"plan": "1.0"},
    {"plan": 2.5},
)
KINDS = ("pageview", "pageview", "event", "engagement", "web_vital", "outlink", "error")

MEASURED_KINDS = (
    *("web_vital", "web_vital", "scroll_depth", "search", "error", "click", "click"),
    *("outlink", "download", "pageview"),
)
"""For questions about measurements."""

LONG = "long " * 60
_PLACES: tuple[Any, ...] = (0, 0.335, 0.5, 1, 1.5, 12.5, 482, -3, 2e6, "7", None, True)
_LENGTHS: tuple[Any, ...] = (390, 1440, 999.5, 0, -1, "1440", None)
_NAMES_OF: dict[str, tuple[str, ...]] = {
    "event": NAMES[:-1],
    "web_vital": (*NAMES[:-1], "LCP", "LCP", "CLS", "TTFB"),
    "search": ("price", "Price", ""),
    "error": ("TypeError", "it's"),
    "click": ("a.buy", "#x > b", ""),
    "outlink": ("https://a.example/", "b.pdf"),
    "download": ("https://a.example/", "b.pdf"),
}
_PROPS_OF: dict[str, dict[str, tuple[Any, ...]]] = {
    "click": {
        "x": _PLACES,
        "y": _PLACES,
        "viewport_width": _LENGTHS,
        "viewport_height": _LENGTHS,
        "page_height": _LENGTHS,
    },
    "search": {"results_count": (0, 0, 3, 2.9, -4, "7", None), "query": (None, None, LONG)},
    "error": {"message": (None, None, LONG, LONG + "!"), "lineno": (7, None), "stack": ("a\nb",)},
    "outlink": {"url": (None, None, "https://c.example/" + LONG)},
    "download": {"url": (None, None, "https://c.example/" + LONG)},
}

TEXT_DEFAULTS = dict.fromkeys(
    (*FIRST_EVENT_FIELDS, "title", "query", "entry_page", "bot_reasons"), ""
)


@st.composite
def make_requests(draw: st.DrawFn, around_us: int, kinds: tuple[str, ...] = KINDS) -> list[Event]:
    """Draw requests in order of arrival; some arrive late, some instants are equal."""
    requests = []
    for number in range(draw(st.integers(0, 25))):
        kind = draw(st.sampled_from(kinds))
        minutes = draw(st.integers(-40 * 60, 40 * 60))
        close = draw(st.booleans())
        if close and requests:
            # Near another request, so that sessions have several events.
            ts = requests[-1]["ts"] + draw(st.integers(-1_000, 2_000)) * 1_000_000
        else:
            ts = around_us + minutes * 60_000_000 + draw(st.sampled_from((0, 1, -1, 999_999)))
        measured = kinds is MEASURED_KINDS
        names = _NAMES_OF.get(kind, ("",)) if measured or kind == "event" else ("",)
        if kind == "web_vital" and not measured:
            names = NAMES[:-1]
        requests.append(
            TEXT_DEFAULTS
            | {
                "project": 1,
                "ts": ts,
                "event_id": draw(st.sampled_from((number + 1, -number - 1))),
                "visitor": draw(st.sampled_from((-(2**63), 7, 2**63 - 1))),
                "kind": kind,
                "interactive": int(kind in {"pageview", "event"} and draw(st.integers(0, 3)) > 0),
                "name": draw(st.sampled_from(names)),
                "path": draw(st.sampled_from(PATHS)),
                "title": draw(st.sampled_from(("", "Häuser", "x'y\\z"))),
                "country": draw(st.sampled_from(COUNTRIES)),
                "source": draw(st.sampled_from(SOURCES)),
                "referrer": draw(st.sampled_from(("", "a.example", "a.example/x/y", "b/"))),
                "site": draw(st.sampled_from(("a.example", "b.example"))),
                "value": draw(st.sampled_from((0.0, 0.1, 2500.0, 1e-3, 7.25))),
                "engagement_ms": draw(st.integers(0, 5_000)) if kind == "engagement" else 0,
                "revenue_micros": draw(st.sampled_from((0, 0, 1, 19_990_000, -5_000_000))),
                "currency": draw(st.sampled_from(("", "EUR"))),
                "bot_score": draw(st.sampled_from((0, 0, 0, 0, 49, 50, 100))),
                "props": draw(_make_props(kind) if measured else st.sampled_from(PROPS)),
            }
        )
    return requests


def _make_props(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    own = _PROPS_OF.get(kind)
    if own is None:
        return st.sampled_from(PROPS)
    return st.fixed_dictionaries({key: st.sampled_from(values) for key, values in own.items()})


@st.composite
def make_site(draw: st.DrawFn, around_us: int, kinds: tuple[str, ...] = KINDS) -> list[Event]:
    """Draw events with their sessions, some without any."""
    events = assign_sessions(draw(make_requests(around_us, kinds)))
    lone = draw(st.integers(0, 9))
    return [
        event | {"session": 0} if number == lone else event for number, event in enumerate(events)
    ]


DIMENSIONS = (
    "page",
    "entry_page",
    "exit_page",
    "hostname",
    "title",
    "event",
    "name",
    "kind",
    "source",
    "referrer_host",
    "country",
    "currency",
    "hour_of_day",
    "weekday",
    "prop:plan",
    "prop:a/b~c",
    'prop:q"k',
)

_VALUES = st.sampled_from(
    (*PATHS, *NAMES, *COUNTRIES, *SOURCES, "pageview", "9", "1", "1.0", "2.5", "true", "pro")
)
_PATTERNS = st.sampled_from(("*", "/a*", "*b", "*a*", "/*/b", "s*p", "/", "", "1*0", "**", "/a*a"))


@st.composite
def _make_leaf(draw: st.DrawFn) -> Condition:
    if draw(st.integers(0, 4)) == 0:
        page = draw(st.sampled_from((None, "/a", "/a*")))
        names = ("signup", "s*") if page is None else (None, "buy")
        name = draw(st.sampled_from(names))
        props = draw(st.sampled_from(((), (), (("plan", "9"),))))
        long = draw(st.sampled_from((None, None, (60, None), (None, 2))))
        return ("goal", page, name, props) if long is None else ("goal", None, None, (), *long)
    dimension = draw(st.sampled_from(DIMENSIONS))
    operator = draw(
        st.sampled_from(
            ("is", "is_not", "contains", "not_contains", "matches", "not_matches", "is")
        )
    )
    values = _PATTERNS if operator.endswith("matches") else _VALUES
    return (
        "dimension",
        dimension,
        operator,
        tuple(draw(st.lists(values, min_size=1, max_size=3, unique=True))),
    )


CONDITIONS = st.recursive(
    _make_leaf(),
    lambda inner: (
        st.tuples(st.just("not"), inner)
        | st.tuples(st.just("and"), inner, inner)
        | st.tuples(st.just("or"), inner, inner)
    ),
    max_leaves=4,
)


@st.composite
def make_question(draw: st.DrawFn, zone: str, around_us: int) -> Question:
    """Draw a question about the hours around an instant."""
    interval = draw(st.sampled_from((None, None, "minute", "hour", "day", "week", "month")))
    reach_hours = 2 if interval == "minute" else 50
    start = around_us - draw(st.integers(0, reach_hours * 4)) * HOUR_US // 4
    end = around_us + draw(st.integers(0, reach_hours * 4)) * HOUR_US // 4
    return Question(
        tuple(draw(st.lists(st.sampled_from(METRICS), min_size=1, max_size=5, unique=True))),
        start,
        end,
        tuple(draw(st.lists(st.sampled_from(DIMENSIONS), max_size=2, unique=True))),
        draw(st.none() | CONDITIONS),
        interval,
        zone,
        draw(st.sampled_from(("exclude", "exclude", "include", "only"))),
    )
