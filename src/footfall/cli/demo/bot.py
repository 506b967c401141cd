"""The robots of the demo: crawlers that say so, and a few that do not. They see pages and leave no
time, no scrolling and no loading times behind."""

from random import Random

from footfall.cli.demo.person import Choice, Device, Home, Person
from footfall.ingest.request import Signal

BOT_SHARE = 0.07
"""Visits by robots, as a share of people's visits."""

_COMPATIBLE = "Mozilla/5.0 (compatible; "

_AGENTS: Choice[str] = Choice(
    [
        (30, f"{_COMPATIBLE}Googlebot/2.1; +http://www.google.com/bot.html)"),
        (18, f"{_COMPATIBLE}bingbot/2.0; +http://www.bing.com/bingbot.htm)"),
        (12, f"{_COMPATIBLE}AhrefsBot/7.0; +http://ahrefs.com/robot/)"),
        (10, f"{_COMPATIBLE}SemrushBot/7~bl; +http://www.semrush.com/bot.html)"),
        (12, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
             "+https://openai.com/gptbot)"),
        (8, f"{_COMPATIBLE}YandexBot/3.0; +http://yandex.com/bots)"),
        (8, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "HeadlessChrome/140.0.0.0 Safari/537.36"),
    ]
)  # fmt: skip

_NOWHERE = Home("", ("",))


def make_bot(rng: Random) -> Person:
    """Draw a robot."""
    agent = _AGENTS.draw(rng)
    address = rng.getrandbits(10)
    ip = f"100.127.{252 + (address >> 8)}.{address & 255}"
    return Person(ip, _NOWHERE, "", Device(agent, ("",), 1.0), "", "")


def crawl(rng: Random, host: str, pages: list[str], start_us: int) -> list[Signal]:
    """Return the pageviews of one crawl."""
    now_us, signals = start_us, []
    for _ in range(1 + min(int(rng.expovariate(0.4)), 11)):
        path = rng.choice(pages)
        signals.append(
            Signal(
                "pageview",
                url=f"https://{host}{path}",
                site=host,
                ts_us=now_us,
                is_interactive=True,
            )
        )
        now_us += rng.randrange(400, 9_000) * 1_000
    return signals
