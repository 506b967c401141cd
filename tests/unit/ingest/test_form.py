"""What a person filled in is kept before its event is stored, once, and only if that is stored."""

from dataclasses import dataclass, field

import pytest

from footfall.errors import StoreError, UnavailableError
from footfall.ingest.outcome import Accepted, Dropped, DropReason
from footfall.ingest.request import Signal
from footfall.model.event import Event
from footfall.surveys.submission import Submission
from tests.unit.ingest.world import World


@dataclass
class Drawer:
    """A form that remembers which events it was kept for."""

    reason: DropReason | None = None
    is_broken: bool = False
    kept: list[Event] = field(default_factory=list)

    async def keep(self, event: Event) -> DropReason | None:
        if self.is_broken:
            raise StoreError
        self.kept.append(event)
        return self.reason


def answer(form: Drawer | Submission, client_id: str = "") -> Signal:
    return Signal("survey_response", name="srv-1", url="/x", client_id=client_id, form=form)


async def test_keeps_a_form_with_the_finished_event() -> None:
    world, drawer = World(), Drawer()
    (outcome,) = await world.take(answer(drawer))
    assert isinstance(outcome, Accepted)
    assert [event.event_id for event in drawer.kept] == [outcome.event_id]
    assert drawer.kept[0].visitor == world.log.lines[0]["visitor"]
    assert drawer.kept[0].path == "/x"


async def test_a_form_that_is_not_wanted_takes_its_event_with_it() -> None:
    world, drawer = World(), Drawer(DropReason.SURVEY_CLOSED)
    outcomes = await world.take(Signal("pageview", url="/"), answer(drawer, "a"))
    assert outcomes[1] == Dropped(DropReason.SURVEY_CLOSED)
    assert [line["kind"] for line in world.log.lines] == ["pageview"]
    # Its id is free again: what was not stored is no duplicate.
    drawer.reason = None
    (again,) = await world.take(answer(drawer, "a"))
    assert isinstance(again, Accepted)


async def test_a_repetition_is_not_kept_again() -> None:
    world, drawer = World(), Drawer()
    await world.take(answer(drawer, "a"))
    (again,) = await world.take(answer(drawer, "a"))
    assert again == Dropped(DropReason.DUPLICATE)
    assert len(drawer.kept) == 1


async def test_nothing_is_stored_when_the_form_cannot_be_kept() -> None:
    world, drawer = World(), Drawer(is_broken=True)
    with pytest.raises(StoreError):
        await world.take(answer(drawer, "a"))
    assert world.log.lines == []
    drawer.is_broken = False
    (again,) = await world.take(answer(drawer, "a"))
    assert isinstance(again, Accepted)


async def test_a_retry_after_the_log_failed_comes_with_the_same_event_id() -> None:
    world, drawer = World(), Drawer()
    world.log.is_failing = True
    with pytest.raises(UnavailableError):
        await world.take(answer(drawer, "a"))
    world.log.is_failing = False
    await world.take(answer(drawer, "a"))
    first, second = drawer.kept
    assert first.event_id == second.event_id == world.log.lines[0]["event_id"]


async def test_answers_that_no_survey_admitted_are_dropped() -> None:
    world = World()
    (outcome,) = await world.take(answer(Submission("srv-1", [("q", 1)], is_completed=True)))
    assert outcome == Dropped(DropReason.UNKNOWN_SURVEY)
    assert world.log.lines == []
