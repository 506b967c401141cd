"""The expression behind `anomaly`."""

from footfall.clock import US_PER_DAY
from footfall.reports.expression import Relation
from footfall.reports.family import Desk
from footfall.reports.volume import SUSPECTED_FROM


def make_days(desk: Desk) -> Relation:
    """Return, for each stretch of 24 hours from the start of the range that has any: its number,
    visits that began in it, announced ones, and those of them suspected of a VPN."""
    words, sessions, events = desk.words, desk.sessions(), desk.events()
    starts = events.filter(events.kind == "session_start", events.session != 0)
    announced = starts.group_by(of_session=starts.session).agg(vpn=starts.value.max())
    rows = sessions.join(announced, sessions.session == announced.of_session, how="left")
    # What has no partner is null on one engine and 0 on the other; no session is 0.
    has_start = rows.of_session.fill_null(0) != 0
    from_us = words.epoch_us(rows.start) - desk.scope.range.start_us
    rows = rows.mutate(
        day=words.divide(from_us, US_PER_DAY),
        is_announced=has_start,
        is_suspected=has_start & (rows.vpn.fill_null(0.0) >= SUSPECTED_FROM),
    )
    return rows.group_by("day").agg(
        visits=rows.count(),
        announced=rows.count(where=rows.is_announced),
        suspected=rows.count(where=rows.is_suspected),
    )
