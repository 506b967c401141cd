from footfall.model.column import ColumnType
from footfall.model.event import EVENT_COLUMNS, Event
from footfall.model.session import FIRST_EVENT_COLUMNS, SESSION_COLUMNS
from footfall.model.time_range import TimeRange, from_us, to_us


def test_columns_follow_the_fields_of_the_event() -> None:
    assert tuple(c.name for c in EVENT_COLUMNS) == Event.__struct_fields__


def test_no_column_can_hold_an_address() -> None:
    names = {c.name for c in (*EVENT_COLUMNS, *SESSION_COLUMNS)}
    assert not names & {"ip", "address", "remote_addr", "email", "user_agent"}


def test_what_a_session_takes_from_its_first_event_is_an_event_column() -> None:
    events = {c.name: c.type for c in EVENT_COLUMNS}
    sessions = {c.name: c.type for c in SESSION_COLUMNS}
    assert {name: events[name] for name in FIRST_EVENT_COLUMNS} == {
        name: sessions[name] for name in FIRST_EVENT_COLUMNS
    }
    assert sessions["start"] is ColumnType.TIMESTAMP_US


def test_instant_on_the_boundary_belongs_to_one_period() -> None:
    current = TimeRange(1_000, 2_000)
    assert current.previous() == TimeRange(0, 1_000)
    assert [r.contains(1_000) for r in (current, current.previous())] == [True, False]


def test_microseconds_survive_the_way_to_datetime_and_back() -> None:
    for us in (0, 1, 1_763_700_000_123_457, -1, 4_102_444_800_999_999):
        assert to_us(from_us(us)) == us
