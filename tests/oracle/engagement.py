"""Engagement of visits by plain counting: what each visit did, how often its visitor had come."""

from typing import Any

from tests.oracle.session import TIMEOUT_US, Event, make_visits

MARKS = {"session_start", "session_end", "engagement"}


def weigh(event: Event) -> int:
    """How many signals an event stands for."""
    if event["kind"] in MARKS:
        return 0
    return max(int(event["value"]), 1) if event["kind"] == "activity" else 1


def engage(events: list[Event], *, span: tuple[int, int], now: int) -> dict[int, dict[str, Any]]:
    """Return what is told of each visit that began in the span, by session; bots left out."""
    visits = [v for v in make_visits(events).values() if v["bot_score"] < 50]
    told = {}
    for visit in visits:
        if not span[0] <= visit["start"] < span[1]:
            continue
        own = [e for e in events if e["session"] == visit["session"]]
        key = (visit["start"], visit["session"])
        returns = sum(
            v["visitor"] == visit["visitor"] and (v["start"], v["session"]) < key for v in visits
        )
        clicks = sum(e["kind"] == "click" for e in own)
        depths = [e["value"] for e in own if e["kind"] == "scroll_depth"]
        scroll = min(max([*depths, 0.0]), 100.0)
        seconds = (visit["end"] - visit["start"]) // 1_000_000
        points = [
            min(seconds // 10, 35),
            min(int(scroll / 3.33), 30),
            min(clicks, 20),
            min(5 * returns, 15),
        ]
        is_idle = now - visit["end"] >= TIMEOUT_US
        told[visit["session"]] = {
            "visitor": visit["visitor"],
            "events": sum(weigh(e) for e in own),
            "clicks": clicks,
            "scroll": scroll,
            "returns": returns,
            "is_ended": is_idle or any(e["kind"] == "session_end" for e in own),
            "vpn": int(max([e["value"] for e in own if e["kind"] == "session_start"] + [0])),
            "score": sum(points),
            "duration_us": visit["end"] - visit["start"],
            "day": visit["start"] // 86_400_000_000,
        }
    return told


def measure(events: list[Event], *, span: tuple[int, int]) -> tuple[int, ...]:
    """Return the fields of a volume; bots left out."""
    own = [e for e in events if span[0] <= e["ts"] < span[1] and e["bot_score"] < 50]
    starts = [e for e in own if e["kind"] == "session_start"]
    suspects = [e for e in starts if e["value"] >= 5]
    return (
        len(own),
        sum(weigh(e) for e in own),
        len({e["session"] for e in own if e["session"] and e["kind"] not in MARKS}),
        len({e["visitor"] for e in starts}),
        len({e["visitor"] for e in suspects}),
        len({e["session"] for e in starts if e["session"]}),
        len({e["session"] for e in suspects if e["session"]}),
    )
