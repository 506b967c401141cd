"""Session ids: UUIDs that only this server can read."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from footfall.dialects.pulsegate.session_id import Begin, SessionIds

SECRET = b"s" * 32
SECOND = 1_772_366_400


@given(st.integers(0, (1 << 20) - 1), st.integers(0, (1 << 32) - 1))
def test_id_is_a_random_looking_uuid_and_says_where_its_session_began(
    project: int, second: int
) -> None:
    ids = SessionIds(SECRET)
    made = ids.make(project, second * 1_000_000 + 999_999)
    assert uuid.UUID(made).version == 4
    assert uuid.UUID(made).variant == uuid.RFC_4122
    assert ids.read(made) == Begin(project, second)


def test_ids_differ_and_share_nothing_to_see() -> None:
    ids = SessionIds(SECRET)
    made = [ids.make(1, SECOND * 1_000_000) for _ in range(1_000)]
    assert len(set(made)) == 1_000
    assert len({one[:8] for one in made}) > 990
    assert len({one[-8:] for one in made}) > 990


def test_strangers_ids_are_not_read() -> None:
    ids = SessionIds(SECRET)
    assert SessionIds(b"t" * 32).read(ids.make(1, SECOND * 1_000_000)) is None
    assert all(ids.read(str(uuid.uuid4())) is None for _ in range(2_000))
    assert ids.read("session_123") is None
    assert ids.read("") is None


def test_project_beyond_the_bits_gets_an_id_that_tells_nothing() -> None:
    made = SessionIds(SECRET).make(1 << 20, SECOND * 1_000_000)
    assert uuid.UUID(made).version == 4
    assert SessionIds(SECRET).read(made) is None
