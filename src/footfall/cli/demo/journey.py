"""What people do on each site of the demo: a shop with a funnel that leaks, documentation that is
searched, a journal that is read. Each journey adds the signals of one visit."""

from collections.abc import Callable

from footfall.cli.demo.site import ARTICLES, CATEGORIES, GUIDES, PRODUCTS
from footfall.cli.demo.visit import Visit

_BOUNCE = {"shop": 0.36, "docs": 0.42, "journal": 0.55}

_PRODUCTS = {f"/product/{slug}": (title, price) for slug, title, price in PRODUCTS}
_ARTICLES = {f"/{slug}": title for slug, title in ARTICLES}

BUTTON = "shorter-checkout"
BUTTON_VARIANTS = ("three-steps", "one-page")
"""The shop's experiment: with the second variant more people finish."""

_SHOP_WORDS = ("rain jacket", "tent", "stove gas", "40 liter pack", "gift card", "headlamp", "xl")
_DOCS_WORDS = ("docker", "reverse proxy", "api key", "webhook secret", "429", "backup", "sso")


def run_shop(visit: Visit, landing: str) -> None:
    """Browse, put something into the cart, and mostly do not buy it."""
    rng = visit.rng
    visit.read(landing, _title_shop(landing), 22)
    if rng.random() < _BOUNCE["shop"] * (0.6 if visit.is_loyal else 1.0):
        return
    if rng.random() < 0.11:
        words = rng.choice(_SHOP_WORDS)
        visit.search(words, 0 if words in {"tent", "xl"} else rng.randrange(1, 14))
    product = landing if landing in _PRODUCTS else ""
    for _ in range(min(int(rng.expovariate(0.45)), 9)):
        if rng.random() < 0.45:
            category = f"/category/{rng.choice(CATEGORIES)}"
            visit.read(category, _title_shop(category), 18, 0.75)
        else:
            product = rng.choice(list(_PRODUCTS))
            visit.read(product, _title_shop(product), 35)
    if rng.random() < 0.02:
        visit.pause(rng.uniform(1_900, 7_000))  # comes back to the tab as a new session
        visit.read("/", _title_shop("/"), 10)
    if product and rng.random() < 0.05:
        visit.download("https://shop.example/files/size-guide.pdf")
    elif product and rng.random() < 0.04:
        visit.leave_to("https://maker.example/care")
    if product and rng.random() < (0.42 if visit.is_loyal else 0.27):
        _buy(visit, product)


def _buy(visit: Visit, product: str) -> None:
    rng = visit.rng
    title, price = _PRODUCTS[product]
    quantity = rng.choice((1, 1, 1, 1, 2, 3))
    visit.act("add_to_cart", {"product": title, "price": price, "quantity": quantity})
    if rng.random() > 0.78:
        return
    visit.read("/cart", "Cart", 16, 0.9)
    if rng.random() > 0.62:
        return
    visit.act("begin_checkout")
    is_short = visit.see_variant(BUTTON, BUTTON_VARIANTS) == BUTTON_VARIANTS[1]
    visit.read("/checkout/address", "Checkout: address", 48, 0.95)
    if rng.random() > (0.9 if visit.is_loyal or is_short else 0.62):
        return
    visit.read("/checkout/payment", "Checkout: payment", 40, 0.95)
    if rng.random() > 0.78:
        visit.act("payment_failed", {"method": rng.choice(("card", "card", "invoice"))})
        return
    total = price * quantity + (0 if price * quantity > 80 else 4.9)
    props = {
        "product": title,
        "items": quantity,
        "method": rng.choice(("card", "wallet", "invoice")),
    }
    visit.act("purchase", props, euro=total)
    visit.identify({"customer": "returning" if visit.is_loyal else "new"})
    visit.read("/thanks", "Thank you", 12)
    if rng.random() < 0.3:
        found = rng.choice(("Search", "Search", "A friend", "Social media", "Newsletter"))
        ease = rng.choice((3, 4, 4, 5, 5, 5) if is_short else (2, 3, 3, 4, 4, 5))
        visit.answer([("ease", ease), ("found", found), ("again", rng.random() < 0.85)])


def run_docs(visit: Visit, landing: str) -> None:
    """Look something up; now and then try the product."""
    rng = visit.rng
    page = landing
    visit.read(page, _title_docs(page), 65, 0.7)
    if rng.random() < _BOUNCE["docs"]:
        return
    for _ in range(1 + min(int(rng.expovariate(0.5)), 11)):
        if rng.random() < 0.16:
            words = rng.choice(_DOCS_WORDS)
            visit.search(words, 0 if words == "sso" else rng.randrange(1, 30))
        page = _next_guide(visit, page)
        visit.read(page, _title_docs(page), 75, 0.7)
        if rng.random() < 0.14:
            visit.act("copy_code", {"page": page})
    if rng.random() < 0.09:
        visit.act("feedback", {"helpful": rng.random() < 0.72, "page": page})
    chance = rng.random()
    if chance < 0.05:
        visit.download("https://docs.example/files/server-4.2.tar.gz")
    elif chance < 0.13:
        visit.leave_to("https://code.example/server")
    elif chance < (0.14 if visit.is_loyal else 0.18):
        visit.read("/pricing", "Pricing", 40, 0.8)
        if rng.random() < 0.4:
            visit.act("start_trial", {"plan": rng.choice(("solo", "team", "team"))})


def _next_guide(visit: Visit, page: str) -> str:
    """Go on to the next guide, to one nearby, or anywhere."""
    rng = visit.rng
    name = page.lstrip("/")
    here = GUIDES.index(name) if name in GUIDES else 0
    if rng.random() < 0.5:
        return f"/{GUIDES[(here + 1) % len(GUIDES)]}"
    return f"/{rng.choice(GUIDES)}"


def run_journal(visit: Visit, landing: str) -> None:
    """Read one article, perhaps three; a few subscribe."""
    rng = visit.rng
    visit.read(landing, _title_journal(landing), 110 if landing != "/" else 20, 0.62)
    if rng.random() < _BOUNCE["journal"] * (0.7 if visit.is_loyal else 1.0):
        return
    for _ in range(1 + min(int(rng.expovariate(0.7)), 6)):
        article = f"/{ARTICLES[min(int(rng.expovariate(0.3)), len(ARTICLES) - 1)][0]}"
        visit.read(article, _title_journal(article), 120, 0.66)
    if rng.random() < 0.05:
        visit.act("subscribe", {"list": "sunday-letter"})
    elif rng.random() < 0.06:
        visit.act("share", {"to": rng.choice(("link", "mastodon", "mail"))})
    elif rng.random() < 0.08:
        visit.leave_to("https://archive.example/rivers")


JOURNEYS: dict[str, Callable[[Visit, str], None]] = {
    "shop": run_shop,
    "docs": run_docs,
    "journal": run_journal,
}


def _title_shop(path: str) -> str:
    if path in _PRODUCTS:
        return f"{_PRODUCTS[path][0]} · Demo shop"
    if path.startswith("/category/"):
        return f"{path.rpartition('/')[2].capitalize()} · Demo shop"
    return "Demo shop"


def _title_docs(path: str) -> str:
    return f"{path.rpartition('/')[2].replace('-', ' ').capitalize() or 'Home'} · Demo docs"


def _title_journal(path: str) -> str:
    return f"{_ARTICLES[path]} · Demo journal" if path in _ARTICLES else "Demo journal"
