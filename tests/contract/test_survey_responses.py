"""Responses on every store of records: exactly once, and never more than a survey wants, however
many come at the same moment."""

import threading
from collections.abc import Callable

from footfall.clock import FixedClock
from footfall.ingest.outcome import DropReason
from footfall.model.event import Event
from footfall.projects.register import Projects
from footfall.store.relational import RelationalRecords
from footfall.surveys.definition import Definition, Question
from footfall.surveys.register import Surveys
from footfall.surveys.response import Part, Responses
from footfall.surveys.statistic import count_responses
from footfall.surveys.survey import Survey

NOW = 1_772_323_200_000_000
THREADS = 8


def open_survey(records: RelationalRecords, *, limit: int | None = None) -> Survey:
    clock = FixedClock(NOW)
    projects = Projects(records, clock)
    projects.setup()
    surveys = Surveys(records, clock)
    question = Question("q", "rating", "?", min=0, max=10)
    project = projects.find("default").number
    survey = surveys.create(project, Definition("n", (question,), response_limit=limit))
    return surveys.set_status(survey, "active")


def event(number: int, *, visitor: int | None = None) -> Event:
    return Event(
        project=1,
        ts=NOW + number,
        received_at=NOW + number,
        event_id=number,
        visitor=number if visitor is None else visitor,
        session=1,
        kind="survey_response",
        door="pulse",
        path="/",
    )


def run_together(work: Callable[[int], None]) -> None:
    failures: list[BaseException] = []
    barrier = threading.Barrier(THREADS)

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_limit_holds_when_many_answer_at_once(records: RelationalRecords) -> None:
    survey = open_survey(records, limit=17)
    responses = Responses(records)
    outcomes: list[DropReason | None] = []

    def answer(thread: int) -> None:
        for number in range(5):
            event_id = thread * 100 + number
            outcomes.append(
                responses.keep(survey, Part(event(event_id), {"q": 9}, is_completed=True))
            )

    run_together(answer)
    assert len(outcomes) == 40
    assert outcomes.count(None) == 17
    assert outcomes.count(DropReason.SURVEY_CLOSED) == 23
    assert count_responses(survey.definition, responses.scan(survey)).total == 17


def test_repetitions_at_the_same_moment_count_once(records: RelationalRecords) -> None:
    survey = open_survey(records)
    responses = Responses(records)

    def answer(thread: int) -> None:
        for number in range(5):
            responses.keep(survey, Part(event(number), {"q": number}, is_completed=True))

    run_together(answer)
    figures = count_responses(survey.definition, responses.scan(survey))
    assert figures.total == 5
    assert figures.questions[0].average == 2.0


def test_halves_of_one_visitor_at_the_same_moment_become_one(records: RelationalRecords) -> None:
    survey = open_survey(records)
    responses = Responses(records)

    def answer(thread: int) -> None:
        is_completed = thread == THREADS - 1
        one = event(thread, visitor=7)
        responses.keep(survey, Part(one, {"q": thread}, is_completed=is_completed))

    run_together(answer)
    kept, total = responses.list_responses(survey, limit=10, offset=0)
    assert total == 1
    assert kept[0].is_completed
    assert kept[0].answers == {"q": THREADS - 1}


def test_a_repeated_first_half_does_not_begin_anew(records: RelationalRecords) -> None:
    survey = open_survey(records)
    responses = Responses(records)
    first, second = event(1, visitor=7), event(2, visitor=7)
    responses.keep(survey, Part(first, {"q": 1}, is_completed=False))
    responses.keep(survey, Part(second, {"q": 2}, is_completed=True))
    responses.keep(survey, Part(first, {"q": 1}, is_completed=False))
    kept, total = responses.list_responses(survey, limit=10, offset=0)
    assert (total, kept[0].answers) == (1, {"q": 2})


def test_a_survey_that_is_gone_takes_nothing(records: RelationalRecords) -> None:
    survey = open_survey(records)
    Surveys(records, FixedClock(NOW)).remove(survey)
    reason = Responses(records).keep(survey, Part(event(1), {"q": 1}, is_completed=True))
    assert reason is DropReason.UNKNOWN_SURVEY


def test_reads_more_responses_than_one_chunk(records: RelationalRecords) -> None:
    survey = open_survey(records)
    with records.transaction() as t:
        for number in range(2_001):
            t.add(
                "survey_responses",
                {
                    "id": f"resp-{number}",
                    "survey": survey.number,
                    "visitor": number,
                    "answers": '{"q":10}',
                    "is_completed": number % 2 == 0,
                    "path": "/",
                    "submitted_at_us": NOW,
                },
            )
    figures = count_responses(survey.definition, Responses(records).scan(survey))
    assert (figures.total, figures.completed) == (2_001, 1_001)
    assert figures.questions[0].distribution == {"0-6": 0, "7-8": 0, "9-10": 2_001}
