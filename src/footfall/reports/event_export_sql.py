"""The expressions behind `event_export`."""

from footfall.clock import US_PER_HOUR
from footfall.model.column import ColumnType
from footfall.model.event import EVENT_COLUMNS
from footfall.reports.expression import Relation
from footfall.reports.family import Desk


def make_hours(desk: Desk) -> Relation:
    """Return one row for each hour that holds events: hours since 1970, events."""
    rows = desk.events()
    rows = rows.mutate(hour=desk.words.divide(desk.words.epoch_us(rows.ts), US_PER_HOUR))
    return rows.group_by("hour").agg(events=rows.count()).order_by("hour")


def make_events(desk: Desk, after: tuple[int, int] | None, limit: int) -> Relation:
    """Return events in the order of time and id, times as microseconds; `after` is time and id of
    the last one that is known."""
    rows, words = desk.events(), desk.words
    if after is not None:
        moment = words.instant(after[0])
        is_later = (rows.ts > moment) | ((rows.ts == moment) & (rows.event_id > after[1]))
        rows = rows.filter(is_later)
    rows = rows.order_by([rows.ts.asc(), rows.event_id.asc()]).limit(limit)
    columns = {
        column.name: words.epoch_us(rows[column.name])
        if column.type is ColumnType.TIMESTAMP_US
        else rows[column.name]
        for column in EVENT_COLUMNS
    }
    return rows.select(**columns)


def make_all(desk: Desk) -> Relation:
    """Return all events as they are stored, in no order: sorting them would hold them in memory."""
    return desk.events().select(*(column.name for column in EVENT_COLUMNS))
