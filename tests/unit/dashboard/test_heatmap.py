"""Clicks gathered into spots."""

from footfall.dashboard.report.heatmap import CELL, Gathered, gather
from footfall.reports.heatmap import ClickPoint


def test_clicks_close_together_are_one_spot_at_their_mean() -> None:
    points = [ClickPoint(10, 10, "a", 1), ClickPoint(20, 10, "b", 3)]
    assert gather(points) == [Gathered(18, 10, 4, "b")]


def test_clicks_far_apart_stay_apart_and_the_most_come_last() -> None:
    points = [ClickPoint(0, 0, "a", 5), ClickPoint(CELL, 0, "b", 1)]
    assert [g.count for g in gather(points)] == [1, 5]
