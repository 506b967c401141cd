"""What happened to the visitors of an experiment, in plain Python, read off the definitions: it
imports nothing of the product."""

from typing import Any

Event = dict[str, Any]

DAY_US = 86_400_000_000


def tally(
    events: list[Event],
    *,
    experiment: str,
    variants: list[str],
    metric: str,
    span: tuple[int, int],
    unit: str,
) -> dict[str, Any]:
    """Return for each variant [units, conversions, revenue, events before], and who saw several."""
    kept = [e for e in events if e["bot_score"] < 50 and (unit == "visitor" or e["session"])]
    inside = [e for e in kept if span[0] <= e["ts"] < span[1]]
    seen: dict[int, list[Event]] = {}
    for event in inside:
        is_exposure = event["kind"] == "exposure" and event["name"] == experiment
        if is_exposure and event["props"].get("variant_id") in variants:
            seen.setdefault(event[unit], []).append(event)
    figures = {v: [0, 0, 0, 0] for v in variants}
    contaminated = 0
    hits = [e for e in inside if is_hit(e, metric)]
    for who, exposures in seen.items():
        shown = {e["props"]["variant_id"] for e in exposures}
        if len(shown) > 1:
            contaminated += 1
            continue
        (variant,) = shown
        first = min(e["ts"] for e in exposures)
        mine = [e for e in hits if e[unit] == who]
        counted = [
            e
            for e in mine
            if named(e, experiment, variants) == variant
            or (named(e, experiment, variants) is None and e["ts"] >= first)
        ]
        line = figures[variant]
        line[0] += 1
        line[1] += bool(counted)
        line[2] += sum(e["revenue_micros"] for e in counted)
        before = [
            e
            for e in kept
            if e["visitor"] == who
            and e["interactive"]
            and first - 28 * DAY_US <= e["ts"] < first - DAY_US
            and e["ts"] >= span[0] - 28 * DAY_US
        ]
        line[3] += min(100, len(before)) if unit == "visitor" else 0
    for variant in variants:
        loose = [
            e
            for e in hits
            if named(e, experiment, variants) == variant
            and (
                e[unit] not in seen
                or (
                    {x["props"]["variant_id"] for x in seen[e[unit]]} == {_other(seen[e[unit]])}
                    and _other(seen[e[unit]]) != variant
                )
            )
        ]
        figures[variant][1] += len({e[unit] for e in loose})
        figures[variant][1] = min(figures[variant][:2])
        figures[variant][2] += sum(e["revenue_micros"] for e in loose)
    return {"figures": figures, "contaminated": contaminated}


def is_hit(event: Event, metric: str) -> bool:
    """Tell whether an event is of the metric: its kind, or a custom event of that name."""
    if event["kind"] == "exposure":
        return False
    return event["kind"] == metric or (event["kind"] == "event" and event["name"] == metric)


def named(event: Event, experiment: str, variants: list[str]) -> str | None:
    """Return the variant that an event names for itself."""
    props = event["props"]
    if props.get("experiment_id") != experiment:
        return None
    variant = props.get("variant_id")
    return variant if variant in variants else None


def _other(exposures: list[Event]) -> str:
    return str(exposures[0]["props"]["variant_id"])
