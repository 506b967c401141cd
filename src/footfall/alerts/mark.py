"""What was said last about a project: a mark for each event, changed in the transaction that puts
the notice into the outbox. So nothing is said twice and nothing is lost, whoever restarts."""

from collections.abc import Iterable

from footfall.alerts.notice import EventName
from footfall.errors import ConflictError
from footfall.store.records import Records, Transaction

_ROOM = "traffic_marks"


def load_marks(records: Records) -> dict[tuple[int, EventName], int]:
    """Return all marks by project and event, microseconds UTC."""
    with records.transaction() as t:
        found = t.find(_ROOM, {}, limit=100_000)
    return {(record["project"], record["event"]): record["at_us"] for record in found}


def move_mark(
    transaction: Transaction, project: int, event: EventName, *, seen_us: int | None, at_us: int
) -> bool:
    """Set a mark; False when it is no longer what was seen: another node was faster."""
    place = {"project": project, "event": event}
    if seen_us is not None:
        return transaction.change(_ROOM, {**place, "at_us": seen_us}, {"at_us": at_us}) == 1
    try:
        transaction.add(_ROOM, {**place, "at_us": at_us})
    except ConflictError:
        return False
    return True


def drop_marks(records: Records, places: Iterable[tuple[int, EventName]]) -> None:
    """Forget marks of events that nobody subscribes to."""
    with records.transaction() as t:
        for project, event in places:
            t.remove(_ROOM, {"project": project, "event": event})
