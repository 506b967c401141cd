"""The three sites of the demo, as tables: pages, where visits come from, campaigns. All hosts are
reserved names; the products exist nowhere."""

from dataclasses import dataclass

from footfall.cli.demo.person import Choice


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a visit comes from."""

    referrer: str = ""
    tags: str = ""
    """Campaign tags as a query string."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """Extra visits while it runs. Days are shares of the history: 0 is its start, 1 is now."""

    origin: Origin
    landing: str
    start: float
    end: float
    share: float
    """Visits it adds, as a share of the site's usual day."""
    weekday: int | None = None
    """Only on that day of the week (0 is Monday): a newsletter."""


@dataclass(frozen=True, slots=True)
class Site:
    """One site, which is one project."""

    key: str
    name: str
    host: str
    time_zone: str
    share: float
    """Share of all visits."""
    growth: float
    """Visits at the end as a multiple of those at the start."""
    known_share: float
    """Share of visitors who bring an id and are known again another day."""
    week: str
    origins: Choice[Origin]
    landings: Choice[str]
    campaigns: tuple[Campaign, ...]


GOOGLE = Origin("https://www.google.com/")
BING = Origin("https://www.bing.com/")
DUCK = Origin("https://duckduckgo.com/")
CHATGPT = Origin("https://chatgpt.com/")
REDDIT = Origin("https://www.reddit.com/r/selfhosted/")
HACKER_NEWS = Origin("https://news.ycombinator.com/item?id=1")
GITHUB = Origin("https://github.com/search")
INSTAGRAM = Origin("https://l.instagram.com/")
FACEBOOK = Origin("https://www.facebook.com/")
MASTODON = Origin("https://mastodon.social/explore")
YOUTUBE = Origin("https://www.youtube.com/")
DIRECT = Origin()

PRODUCTS: tuple[tuple[str, str, float], ...] = (
    ("trail-pack-28", "Trail Pack 28", 129.0),
    ("trail-pack-40", "Trail Pack 40", 169.0),
    ("rain-shell", "Rain Shell", 149.0),
    ("merino-tee", "Merino Tee", 59.0),
    ("camp-stove", "Camp Stove", 84.5),
    ("titanium-mug", "Titanium Mug", 34.9),
    ("head-lamp", "Head Lamp", 45.0),
    ("down-quilt", "Down Quilt", 259.0),
    ("trekking-poles", "Trekking Poles", 99.0),
    ("dry-bag-set", "Dry Bag Set", 39.5),
)
"""Slug, title, price in euro."""

CATEGORIES = ("packs", "clothing", "cooking", "sleeping", "light", "sale")

GUIDES: tuple[str, ...] = (
    *("quickstart", "install/linux", "install/docker", "install/upgrade", "configure/settings"),
    *("configure/proxy", "guides/first-report", "guides/filters", "guides/api-keys"),
    *("guides/webhooks", "reference/rest", "reference/cli", "reference/errors", "faq", "changelog"),
)

ARTICLES: tuple[tuple[str, str], ...] = (
    ("a-week-without-a-phone", "A week without a phone"),
    ("bread-that-forgives", "Bread that forgives"),
    ("how-lighthouses-keep-time", "How lighthouses keep time"),
    ("the-quiet-return-of-night-trains", "The quiet return of night trains"),
    ("repairing-a-radio", "Repairing a radio"),
    ("maps-nobody-asked-for", "Maps nobody asked for"),
    ("a-garden-on-four-square-metres", "A garden on four square metres"),
    ("walking-the-old-canal", "Walking the old canal"),
    ("why-rivers-bend", "Why rivers bend"),
    ("letters-from-a-weather-station", "Letters from a weather station"),
    ("the-sound-of-snow", "The sound of snow"),
    ("small-bridges", "Small bridges"),
)

SHOP = Site(
    "shop",
    "Demo shop",
    "shop.example",
    "Europe/Berlin",
    0.42,
    1.35,
    0.65,
    "leisure",
    Choice(
        [
            *((30, GOOGLE), (26, DIRECT), (9, INSTAGRAM), (6, FACEBOOK), (5, BING), (4, YOUTUBE)),
            *((4, DUCK), (3, CHATGPT), (2, Origin("https://forum.hiking.example/thread/41"))),
            (7, Origin("https://www.google.com/", "utm_source=google&utm_medium=cpc&gclid=x1")),
        ]
    ),
    Choice(
        [
            (36, "/"),
            *((6, f"/category/{name}") for name in CATEGORIES),
            *((4, f"/product/{slug}") for slug, _, _ in PRODUCTS),
        ]
    ),
    (
        Campaign(
            Origin("", "utm_source=newsletter&utm_medium=email&utm_campaign=weekly"),
            *("/category/sale", 0.0, 1.0, 0.35, 1),
        ),
        Campaign(
            Origin(
                "https://l.instagram.com/",
                "utm_source=instagram&utm_medium=paid_social&utm_campaign=autumn-packs"
                "&utm_content=video-b",
            ),
            *("/category/packs", 0.45, 0.66, 0.30),
        ),
        Campaign(
            Origin("", "utm_source=google&utm_medium=cpc&utm_campaign=early-winter&gclid=x2"),
            *("/category/sale", 0.82, 1.0, 0.38),
        ),
    ),
)

DOCS = Site(
    "docs",
    "Demo docs",
    "docs.example",
    "America/New_York",
    0.34,
    1.20,
    0.45,
    "working",
    Choice(
        [
            *((38, GOOGLE), (24, DIRECT), (12, GITHUB), (8, CHATGPT), (5, DUCK), (4, BING)),
            *((3, REDDIT), (3, Origin("https://stackoverflow.com/questions/1")), (1, HACKER_NEWS)),
            (2, Origin("https://www.perplexity.ai/")),
        ]
    ),
    Choice([(18, "/"), (14, "/quickstart"), *((4.0, f"/{page}") for page in GUIDES[1:])]),
    (
        Campaign(
            Origin("", "utm_source=release-mail&utm_medium=email&utm_campaign=version-4"),
            *("/changelog", 0.71, 0.76, 0.55),
        ),
    ),
)

JOURNAL = Site(
    "journal",
    "Demo journal",
    "journal.example",
    "Asia/Kathmandu",
    0.24,
    0.95,
    0.30,
    "leisure",
    Choice(
        [
            *((27, DIRECT), (22, GOOGLE), (10, FACEBOOK), (9, MASTODON), (5, REDDIT), (5, BING)),
            *((5, Origin("https://www.linkedin.com/")), (3, DUCK), (3, CHATGPT)),
            (4, Origin("https://flipboard.com/")),
        ]
    ),
    Choice([(20, "/"), *((14 / (n + 1) + 2, f"/{slug}") for n, (slug, _) in enumerate(ARTICLES))]),
    (
        Campaign(HACKER_NEWS, "/how-lighthouses-keep-time", 0.37, 0.385, 3.4),
        Campaign(
            Origin("", "utm_source=sunday-letter&utm_medium=email&utm_campaign=letter"),
            *("/the-sound-of-snow", 0.0, 1.0, 0.50, 6),
        ),
    ),
)

SITES: tuple[Site, ...] = (SHOP, DOCS, JOURNAL)
