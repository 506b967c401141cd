"""Names of properties, on every engine."""

import msgspec

from footfall.clock import FixedClock
from footfall.model.event import EMPTY_PROPS, Event
from footfall.reports.property import LATELY_US, WarehouseProperties
from footfall.store.warehouse import Warehouse
from tests.conftest import MakeSegment

NOW_US = 1_790_000_000_000_000


class Loaded:
    """A barrier with nothing to wait for."""

    async def wait_loaded(self, timeout_s: float = 30.0) -> None:
        return


def make_event(
    number: int, name: str, props: bytes, *, ts: int = NOW_US, project: int = 1
) -> Event:
    return Event(
        project=project,
        ts=ts,
        received_at=ts,
        event_id=number,
        visitor=1,
        session=1,
        kind="event",
        door="test",
        name=name,
        props=msgspec.Raw(props) if props else EMPTY_PROPS,
    )


async def test_names_of_properties_come_most_frequent_first(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    name = 'it\'s \\ "signup"'
    events = [
        make_event(1, name, b'{"seats":5,"plan":"pro"}'),
        make_event(2, name, b'{"plan":"free"}'),
        make_event(3, name, b'{"plan":"team","a key":null}'),
        make_event(4, name, b""),
        make_event(5, "other", b'{"foreign":1}'),
        make_event(6, name, b'{"elsewhere":1}', project=2),
        make_event(7, name, b'{"ancient":1}', ts=NOW_US - LATELY_US - 1),
    ]
    warehouse.load([make_segment("s1", events)])
    properties = WarehouseProperties(warehouse, Loaded(), FixedClock(NOW_US))
    assert await properties.list_property_keys(1, name) == ["plan", "a key", "seats"]
    assert await properties.list_property_keys(1, "unheard of") == []
