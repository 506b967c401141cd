"""The calendar of a time zone, by asking the clock on the wall again and again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_STRIDE = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(minutes=15),
    "day": timedelta(minutes=30),
    "week": timedelta(hours=12),
    "month": timedelta(hours=12),
}
"""Short enough to meet every bucket."""


def make_moment(us: int, zone: str) -> datetime:
    """Return the time on the wall."""
    return (_EPOCH + timedelta(microseconds=us)).astimezone(ZoneInfo(zone))


def label_bucket(us: int, interval: str, zone: str) -> str:
    """Return the label of the bucket that holds an instant."""
    moment = make_moment(us, zone)
    if interval == "day":
        return moment.date().isoformat()
    if interval == "week":
        return (moment.date() - timedelta(days=moment.weekday())).isoformat()
    if interval == "month":
        return moment.date().replace(day=1).isoformat()
    # Walk back on the clock of the world, so that an hour shown twice is two hours and one that
    # a change of the offset cuts short begins with the change.
    back_us = us - us % 60_000_000
    if interval == "hour":
        while _is_same_hour(make_moment(back_us - 60_000_000, zone), moment):
            back_us -= 60_000_000
    return make_moment(back_us, zone).isoformat(timespec="seconds")


def _is_same_hour(earlier: datetime, moment: datetime) -> bool:
    same_offset = earlier.utcoffset() == moment.utcoffset()
    return same_offset and (earlier.date(), earlier.hour) == (moment.date(), moment.hour)


def list_labels(start_us: int, end_us: int, interval: str, zone: str) -> list[str]:
    """Return the labels of all buckets between two instants, in order."""
    labels = {}
    us = start_us
    stride_us = _STRIDE[interval] // timedelta(microseconds=1)
    while us < end_us:
        labels[label_bucket(us, interval, zone)] = None
        us += stride_us
    if end_us > start_us:
        labels[label_bucket(end_us - 1, interval, zone)] = None
    return list(labels)
