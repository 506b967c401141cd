"""User agents: browser, system and device behind the string. The resolver is loaded with the first
string it sees (27 MB) and asked once a string; whether it is a bot is not decided here."""

from functools import lru_cache
from typing import Any

import msgspec

AGENT_LIMIT = 512
"""Characters of a user agent that are looked at; the longest real ones have about 400."""

_CACHED_AGENTS = 8192

_BROWSER_NAMES = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome WebView",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari WebView",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Edge Mobile": "Edge",
    "Opera Mobile": "Opera",
    "IE": "Internet Explorer",
    "IE Mobile": "Internet Explorer",
    "DuckDuckGo Mobile": "DuckDuckGo",
    "Yandex Browser": "Yandex",
    "Other": "",
}

_SYSTEM_NAMES = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS", "Other": ""}

_TV_MARKS = ("TV", "Tizen 2", "Web0S", "CrKey", "BRAVIA", "Roku", "AFTT", "AFTM", "AFTS")
_CONSOLE_MARKS = ("PlayStation", "Xbox", "Nintendo")
_TABLET_MARKS = ("iPad", "Tablet", "Kindle", "Silk/", "PlayBook")
_MOBILE_MARKS = ("Mobile", "Mobi", "iPhone", "iPod", "Opera Mini", "Windows Phone", "BlackBerry")
_DESKTOP_MARKS = ("Windows NT", "Macintosh", "X11", "CrOS", "Linux x86_64")


class Agent(msgspec.Struct, frozen=True, gc=False):
    """What a user agent says."""

    browser: str = ""
    browser_version: str = ""
    """Major version."""
    os: str = ""
    os_version: str = ""
    device: str = ""


UNKNOWN_AGENT = Agent()


@lru_cache(maxsize=_CACHED_AGENTS)
def parse_agent(user_agent: str) -> Agent:
    """Read a user-agent string; what it does not say stays empty."""
    if not user_agent:
        return UNKNOWN_AGENT
    found = _load_resolver()(user_agent, _all_domains())
    browser, system = found.user_agent, found.os
    family = browser.family if browser else ""
    system_family = system.family if system else ""
    return Agent(
        _BROWSER_NAMES.get(family, family),
        (browser.major or "") if browser else "",
        _SYSTEM_NAMES.get(system_family, system_family),
        _render_version(system_family, system) if system else "",
        _find_device(user_agent),
    )


def _render_version(family: str, system: Any) -> str:
    if not system.major:
        return ""
    # macOS 10.15 and iOS 17.4 are told apart by their second number, Windows by its first.
    is_minor_telling = family in ("Mac OS X", "iOS") and bool(system.minor)
    return f"{system.major}.{system.minor}" if is_minor_telling else str(system.major)


def _find_device(user_agent: str) -> str:
    if any(mark in user_agent for mark in _CONSOLE_MARKS):
        return "Console"
    if any(mark in user_agent for mark in _TV_MARKS):
        return "TV"
    if any(mark in user_agent for mark in _TABLET_MARKS):
        return "Tablet"
    if any(mark in user_agent for mark in _MOBILE_MARKS):
        return "Mobile"
    if "Android" in user_agent:
        # Android's own rule: a browser on a phone says Mobile, on a tablet it does not.
        return "Tablet"
    return "Desktop" if any(mark in user_agent for mark in _DESKTOP_MARKS) else ""


@lru_cache(maxsize=1)
def _load_resolver() -> Any:
    from ua_parser.loaders import load_lazy_builtins
    from ua_parser.regex import Resolver

    return Resolver(load_lazy_builtins())


@lru_cache(maxsize=1)
def _all_domains() -> Any:
    from ua_parser import Domain

    return Domain.USER_AGENT | Domain.OS
