from pathlib import Path

import pytest

from tests.unit.experiments.peek import COURSES, Course, count_false_alarms

PAGE = Path(__file__).parents[3] / "docs" / "explain" / "statistics.md"


@pytest.mark.parametrize("course", COURSES, ids=str)
def test_looking_every_day_does_not_make_the_sequential_test_lie(course: Course) -> None:
    sequential, peeked, once = count_false_alarms(course)
    assert sequential < 0.05
    assert peeked > 0.15, "the z-test would do as well, and this test could not fail"
    assert 0.03 < once < 0.07
    line = (
        f"| {course.visitors:,} | {course.rate:.0%} | {course.days} "
        f"| {sequential:.1%} | {peeked:.1%} | {once:.1%} |"
    )
    assert line in PAGE.read_text(encoding="utf-8"), f"put into {PAGE.name}: {line}"
