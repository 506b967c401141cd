"""Who visits in the demo: where they live, which device they hold. Tables with weights; the
addresses cannot be anyone's, so the country comes from the browser's time zone."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Choice(Generic[T]):
    """Draws from a table of (weight, value)."""

    def __init__(self, table: Sequence[tuple[float, T]]) -> None:
        self._values = [value for _, value in table]
        self._sums = list(accumulate(weight for weight, _ in table))

    def draw(self, rng: Random) -> T:
        """Return one value, each as often as its weight says."""
        return self._values[bisect(self._sums, rng.random() * self._sums[-1])]


@dataclass(frozen=True, slots=True)
class Home:
    """A place people browse from."""

    time_zone: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Device:
    """A browser on a device."""

    user_agent: str
    screens: tuple[str, ...]
    slowness: float
    """Factor on every loading time: a cheap phone is slower than a desk."""


@dataclass(slots=True)
class Person:
    """One visitor: stays the same over all visits."""

    ip: str
    home: Home
    language: str
    device: Device
    screen: str
    visitor_id: str
    """'' for those whom only address and user agent tell apart."""


HOMES: Choice[Home] = Choice(
    [
        (24, Home("America/New_York", ("en-US",))),
        (9, Home("America/Chicago", ("en-US", "es-US"))),
        (13, Home("America/Los_Angeles", ("en-US",))),
        (4, Home("America/Toronto", ("en-CA", "fr-CA"))),
        (13, Home("Europe/London", ("en-GB",))),
        (21, Home("Europe/Berlin", ("de-DE", "de-DE", "en-GB"))),
        (4, Home("Europe/Vienna", ("de-AT",))),
        (4, Home("Europe/Zurich", ("de-CH", "fr-CH"))),
        (9, Home("Europe/Paris", ("fr-FR",))),
        (6, Home("Europe/Amsterdam", ("nl-NL", "en-GB"))),
        (5, Home("Europe/Madrid", ("es-ES",))),
        (5, Home("Europe/Warsaw", ("pl-PL",))),
        (4, Home("Europe/Stockholm", ("sv-SE", "en-GB"))),
        (4, Home("Europe/Rome", ("it-IT",))),
        (9, Home("Asia/Kolkata", ("en-IN", "hi-IN"))),
        (3, Home("Asia/Kathmandu", ("ne-NP", "en-GB"))),
        (5, Home("Asia/Tokyo", ("ja-JP",))),
        (3, Home("Asia/Singapore", ("en-SG", "zh-SG"))),
        (5, Home("America/Sao_Paulo", ("pt-BR",))),
        (3, Home("America/Mexico_City", ("es-MX",))),
        (5, Home("Australia/Sydney", ("en-AU",))),
        (2, Home("Pacific/Auckland", ("en-NZ",))),
        (2, Home("Africa/Johannesburg", ("en-ZA",))),
        (2, Home("Africa/Lagos", ("en-NG",))),
    ]
)

_DESKS = ("1920x1080", "1536x864", "1440x900", "2560x1440", "1366x768", "1680x1050")
_MACS = ("1440x900", "1512x982", "1728x1117", "2560x1440")
_IPHONES = ("390x844", "393x852", "430x932", "375x812", "402x874")
_ANDROIDS = ("360x800", "412x915", "384x832", "393x873", "360x780")
_TABLETS = ("820x1180", "768x1024", "834x1194", "800x1280")

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


def _chrome(system: str, version: int, tail: str = "") -> str:
    return f"{system} {_WEBKIT} Chrome/{version}.0.0.0 Safari/537.36{tail}"


def _android(model: str, release: int, version: int) -> str:
    system = f"Mozilla/5.0 (Linux; Android {release}; {model})"
    return f"{system} {_WEBKIT} Chrome/{version}.0.0.0 Mobile Safari/537.36"


def _iphone(release: str, version: str) -> str:
    system = f"Mozilla/5.0 (iPhone; CPU iPhone OS {release} like Mac OS X)"
    return f"{system} {_SAFARI} Version/{version} Mobile/15E148 Safari/604.1"


DEVICES: Choice[Device] = Choice(
    [
        (17, Device(_chrome(_WINDOWS, 142), _DESKS, 1.0)),
        (7, Device(_chrome(_WINDOWS, 141), _DESKS, 1.0)),
        (2, Device(_chrome(_WINDOWS, 139), _DESKS, 1.2)),
        (7, Device(_chrome(_WINDOWS, 142, " Edg/142.0.0.0"), _DESKS, 1.0)),
        (2, Device(_chrome(_WINDOWS, 140, " Edg/140.0.0.0"), _DESKS, 1.0)),
        (4, Device(f"{_WINDOWS[:-1]}; rv:144.0) Gecko/20100101 Firefox/144.0", _DESKS, 0.9)),
        (8, Device(_chrome(_MAC, 142), _MACS, 0.8)),
        (6, Device(f"{_MAC} {_SAFARI} Version/26.0 Safari/605.1.15", _MACS, 0.8)),
        (4, Device(f"{_MAC} {_SAFARI} Version/18.6 Safari/605.1.15", _MACS, 0.8)),
        (2, Device(f"{_LINUX[:-1]}; rv:144.0) Gecko/20100101 Firefox/144.0", _DESKS, 0.9)),
        (2, Device(_chrome(_LINUX, 142), _DESKS, 0.9)),
        (10, Device(_iphone("18_6", "18.6"), _IPHONES, 1.2)),
        (8, Device(_iphone("18_7", "26.0"), _IPHONES, 1.1)),
        (2, Device(_iphone("17_7", "17.7"), _IPHONES, 1.5)),
        (8, Device(_android("K", 10, 142), _ANDROIDS, 1.8)),
        (3, Device(_android("K", 10, 140), _ANDROIDS, 2.4)),
        (2, Device(_android("SM-A155F", 14, 141), _ANDROIDS, 2.6)),
        (
            2,
            Device(
                f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} SamsungBrowser/28.0 "
                "Chrome/130.0.0.0 Mobile Safari/537.36",
                _ANDROIDS,
                2.0,
            ),
        ),
        (
            2,
            Device(
                f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {_SAFARI} Version/18.6 "
                "Mobile/15E148 Safari/604.1",
                _TABLETS,
                1.1,
            ),
        ),
    ]
)


def make_person(rng: Random, *, has_id: bool) -> Person:
    """Draw somebody. With an id of their own they are known again on another day."""
    home = HOMES.draw(rng)
    device = DEVICES.draw(rng)
    address = rng.getrandbits(22)
    return Person(
        f"100.{64 + (address >> 16)}.{address >> 8 & 255}.{address & 255}",
        home,
        rng.choice(home.languages),
        device,
        rng.choice(device.screens),
        f"u{rng.getrandbits(48):012x}" if has_id else "",
    )
