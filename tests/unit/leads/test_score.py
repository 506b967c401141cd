"""Suspicion, quality and masks, signal by signal."""

import pytest

from footfall.leads.lead import UNKNOWN_MS, Form
from footfall.leads.mask import mask_email, mask_name, mask_phone
from footfall.leads.quality import find_duplicate_quality, find_quality
from footfall.leads.suspicion import find_suspicion
from footfall.leads.visit import Visit

CALM = Visit("s", engagement_score=30, engagement_label="Warm", pages=5)
SLOW = Form(email="a@example.com", elapsed_ms=60_000)


@pytest.mark.parametrize(
    ("form", "visit", "recent", "score", "reasons"),
    [
        (SLOW, CALM, 1, 0, ()),
        (Form(elapsed_ms=UNKNOWN_MS), CALM, 1, 0, ()),
        (Form(trap="x", elapsed_ms=60_000), CALM, 1, 40, ("honeypot_filled",)),
        (Form(elapsed_ms=0), CALM, 1, 30, ("fast_submit_lt_5s",)),
        (Form(elapsed_ms=4_999), CALM, 1, 30, ("fast_submit_lt_5s",)),
        (Form(elapsed_ms=5_000), CALM, 1, 10, ("fast_submit_lt_10s",)),
        (Form(elapsed_ms=10_000), CALM, 1, 10, ("fast_submit_lt_10s",)),
        (Form(elapsed_ms=10_001), CALM, 1, 0, ()),
        (SLOW, None, 1, 25, ("no_session", "zero_engagement")),
        (SLOW, Visit("s"), 1, 10, ("zero_engagement",)),
        (SLOW, Visit("s", engagement_score=1, vpn_points=13), 1, 15, ("vpn_high",)),
        (SLOW, Visit("s", engagement_score=1, vpn_points=12), 1, 5, ("vpn_medium",)),
        (SLOW, Visit("s", engagement_score=1, vpn_points=5), 1, 5, ("vpn_medium",)),
        (SLOW, Visit("s", engagement_score=1, vpn_points=4), 1, 0, ()),
        (SLOW, CALM, 2, 10, ("repeat_2",)),
        (SLOW, CALM, 3, 20, ("repeat_3",)),
        (SLOW, CALM, 9, 20, ("repeat_3",)),
        (Form(email="x@Rival.example", elapsed_ms=60_000), CALM, 1, 25, ("competitor_domain",)),
        (Form(email="x@a.rival.example", elapsed_ms=60_000), CALM, 1, 25, ("competitor_domain",)),
        (Form(email="x@notrival.example", elapsed_ms=60_000), CALM, 1, 0, ()),
    ],
)
def test_each_signal_has_its_points(
    form: Form, visit: Visit | None, recent: int, score: int, reasons: tuple[str, ...]
) -> None:
    found = find_suspicion(form, visit, recent=recent, competitors=("rival.example",))
    assert (found.score, found.reasons) == (score, reasons)


def test_points_are_capped_at_a_hundred() -> None:
    form = Form(trap="x", email="a@rival.example", elapsed_ms=1)
    found = find_suspicion(form, None, recent=3, competitors=("rival.example",))
    assert found.score == 100
    assert len(found.reasons) == 6


@pytest.mark.parametrize(
    ("form", "visit", "suspicion", "label"),
    [
        (SLOW, CALM, 0, "GOOD_LEAD"),
        (Form(trap="x"), CALM, 0, "BOT_LIKELY"),
        (SLOW, CALM, 90, "BOT_LIKELY"),
        (Form(elapsed_ms=999), Visit("s", 30, pages=1), 0, "BOT_LIKELY"),
        (Form(elapsed_ms=999), Visit("s", 30, pages=2), 0, "SUSPICIOUS"),
        (Form(elapsed_ms=2_999), Visit("s", 30, pages=2), 0, "SUSPICIOUS"),
        (Form(elapsed_ms=2_999), Visit("s", 30, pages=3), 0, "GOOD_LEAD"),
        (SLOW, CALM, 89, "SUSPICIOUS"),
        (SLOW, CALM, 70, "SUSPICIOUS"),
        (SLOW, CALM, 69, "GOOD_LEAD"),
        (SLOW, Visit("s", 30, pages=5, vpn_points=17), 0, "SUSPICIOUS"),
        (SLOW, Visit("s", 30, pages=5, vpn_points=12), 50, "SUSPICIOUS"),
        (SLOW, Visit("s", 30, pages=5, vpn_points=12), 49, "GOOD_LEAD"),
        (SLOW, Visit("s", 20, pages=5), 0, "LOW_INTENT"),
        (SLOW, Visit("s", 21, pages=5), 0, "GOOD_LEAD"),
        (SLOW, None, 25, "LOW_INTENT"),
    ],
)
def test_the_first_rule_that_holds_gives_the_label(
    form: Form, visit: Visit | None, suspicion: int, label: str
) -> None:
    assert find_quality(form, visit, suspicion) == label


def test_a_duplicate_is_no_good_lead() -> None:
    assert find_duplicate_quality("GOOD_LEAD") == "LOW_INTENT"
    assert find_duplicate_quality("SUSPICIOUS") == "SUSPICIOUS"


def test_masks_show_what_the_document_shows() -> None:
    assert mask_email("rahul@example.com") == "r***@example.com"
    assert mask_phone("9876543210") == "******3210"
    assert mask_phone("+91 98765-43210") == "********3210"
    assert mask_name("Rahul Sharma") == "R***"


@pytest.mark.parametrize("text", ["", "no address", "@example.com", "1234"])
def test_masks_show_nothing_of_what_they_do_not_understand(text: str) -> None:
    assert text == "" or text not in mask_email(text) or text == ""
    assert not any(digit in mask_phone(text) for digit in "1234")
