"""The score of a visit: the documented check values, every cap, every floor, every label."""

import pytest

from footfall.reports.engagement import label_engagement, score_engagement


@pytest.mark.parametrize(
    ("seconds", "scroll", "clicks", "returns", "score", "label"),
    [
        (60, 50, 3, 0, 24, "Warm"),
        (180, 80, 10, 0, 52, "Hot"),
        (300, 100, 15, 2, 85, "Very Hot"),
        (0, 0, 0, 0, 0, "Cold"),
        (9.999, 3.3, 0, 0, 0, "Cold"),
        (10, 3.33, 1, 1, 8, "Cold"),
        (350, 100, 20, 3, 100, "Very Hot"),
        (99_999, 100, 999, 99, 100, "Very Hot"),
        (349, 99.9, 19, 2, 93, "Very Hot"),
    ],
)
def test_score(
    seconds: float, scroll: float, clicks: int, returns: int, score: int, label: str
) -> None:
    found = score_engagement(int(seconds * 1_000_000), scroll, clicks, returns)
    assert (found, label_engagement(found)) == (score, label)


@pytest.mark.parametrize(
    ("score", "label"),
    [(20, "Cold"), (21, "Warm"), (45, "Warm"), (46, "Hot"), (70, "Hot"), (71, "Very Hot")],
)
def test_labels_change_at_their_edges(score: int, label: str) -> None:
    assert label_engagement(score) == label
