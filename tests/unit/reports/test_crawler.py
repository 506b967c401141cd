import pytest

from footfall.ingest.agent import parse_agent
from footfall.reports.crawler import KINDS, load_crawlers

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko; compatible; "
AGENTS = (
    (
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Googlebot",
        "Search engine",
    ),
    (f"Mozilla/5.0 {CHROME}GPTBot/1.2; +https://openai.com/gptbot)", "GPTBot", "AI"),
    (f"Mozilla/5.0 {CHROME}ClaudeBot/1.0; +claudebot@anthropic.com)", "ClaudeBot", "AI"),
    (
        f"Mozilla/5.0 {CHROME}bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0 Safari/5",
        "bingbot",
        "Search engine",
    ),
    ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "AhrefsBot", "SEO"),
    (
        "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
        "SemrushBot",
        "SEO",
    ),
    ("Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", "YandexBot", "Other"),
    ("facebookexternalhit/1.1", "facebookexternalhit", "Link preview"),
    ("Mozilla/5.0 (compatible; UptimeRobot/2.0)", "UptimeRobot", "Monitoring"),
    ("Acme-Crawler/1.0 (+https://acme.example/bot)", "Acme-Crawler", "Other"),
    ("Mozilla/5.0 (+https://acme.example)", "", "Other"),
)


@pytest.mark.parametrize(("user_agent", "name", "kind"), AGENTS)
def test_names_a_crawler_and_its_kind(user_agent: str, name: str, kind: str) -> None:
    crawlers = load_crawlers()
    found = crawlers.find_name(user_agent, parse_agent(user_agent).browser)
    assert found == name
    kinds = [k for k, names in crawlers.list_names().items() if found in names]
    assert kinds == ([kind] if kind != "Other" else [])


def test_every_name_is_short_and_of_one_kind_only() -> None:
    names = load_crawlers().list_names()
    assert tuple(names) == tuple(KINDS.values())
    every = [name for found in names.values() for name in found]
    assert len(every) > 1_000
    assert all(0 < len(name) <= 64 and "|" not in name for name in every)
    assert sorted(every) == sorted(set(every))
