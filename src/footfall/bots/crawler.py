"""What a user agent gives away about a program: robots that name themselves, automated browsers,
HTTP libraries, strings that no browser sends. WebViews and privacy browsers are browsers."""

from typing import Literal

from footfall.reports.crawler import load_crawlers

AgentClass = Literal["browser", "crawler", "automation", "library", "none", "odd", "old"]

_AUTOMATION_MARKS = (
    "HeadlessChrome",
    "PhantomJS",
    "SlimerJS",
    "Selenium",
    "Puppeteer",
    "Playwright",
)

_LIBRARIES = (
    "aiohttp",
    "apache-httpclient",
    "axios",
    "bun",
    "curl",
    "dart",
    "deno",
    "faraday",
    "go-http-client",
    "got",
    "guzzlehttp",
    "httpie",
    "insomnia",
    "java",
    "java-http-client",
    "ktor-client",
    "libwww-perl",
    "lua-resty-http",
    "node",
    "node-fetch",
    "okhttp",
    "php",
    "postmanruntime",
    "pulseserver",
    "python",
    "python-httpx",
    "python-requests",
    "python-urllib",
    "reqwest",
    "ruby",
    "rest-client",
    "undici",
    "wget",
)
"""Product names, before the '/', by which HTTP libraries introduce themselves."""

_BROWSER_STARTS = ("Mozilla/", "Opera/", "Dalvik/")
_ROBOT_MARKS = ("bot", "crawl", "spider", "feed", "scrap")
"""Words of robots; looked for only where no browser's start is, for phones are called Cubot."""

_LEAST_CHARACTERS = 12
_OLD_CHROME = 60
_OLD_FIREFOX = 50
"""Versions of 2017: a handful of people, many scripts with a copied string."""


def classify_agent(user_agent: str) -> AgentClass:
    """Tell what a user agent is."""
    text = user_agent.strip()
    if text in ("", "-"):
        return "none"
    if any(mark in text for mark in _AUTOMATION_MARKS):
        return "automation"
    # Some say 'node' and nothing else, most 'axios/1.7.2'.
    if text.partition("/")[0].partition(" ")[0].lower() in _LIBRARIES:
        return "library"
    if _names_itself(text) or load_crawlers().has(text):
        return "crawler"
    if len(text) < _LEAST_CHARACTERS or ("/" not in text and "(" not in text):
        return "odd"
    return "old" if _is_old(text) else "browser"


def _names_itself(text: str) -> bool:
    # A contact address after '+' is the robots' own custom; no browser has one.
    if "+http" in text:
        return True
    if text.startswith(_BROWSER_STARTS):
        return False
    lower = text.lower()
    return any(mark in lower for mark in _ROBOT_MARKS)


def _is_old(text: str) -> bool:
    return 0 < _version(text, "Chrome/") < _OLD_CHROME or (
        0 < _version(text, "Firefox/") < _OLD_FIREFOX
    )


def _version(text: str, mark: str) -> int:
    number = text.partition(mark)[2].partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
