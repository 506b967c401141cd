"""Every sign of the points with its documented weight, and what is remembered between signals."""

from typing import Any

import pytest

from footfall.bots.evidence import EvidenceJudge
from footfall.bots.point import SIGNS, make_point_book
from footfall.clock import US_PER_MINUTE
from footfall.ingest.agent import Agent
from footfall.ingest.draft import Draft
from footfall.ingest.duplicate import Claims, Deduplicator
from footfall.ingest.page import Page
from footfall.ingest.place import Place
from footfall.ingest.request import Evidence, Sender, Signal

NOON = 1_790_251_200_000_000
HOME, HOSTED = "84.112.10.20", "88.198.10.20"
HEADERS = frozenset({"accept", "accept-language", "sec-fetch-site", "user-agent"})
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def judge(
    judge_: EvidenceJudge | None = None,
    *,
    path: str = "/",
    referrer: str = "https://news.example/",
    screen: str = "1920x1080",
    country: str = "AT",
    site: str = "default",
    sender: dict[str, Any] | None = None,
    **evidence: Any,
) -> tuple[int, str]:
    values: dict[str, Any] = {
        "project": 1,
        "door": "echelon",
        "ip": HOME,
        "user_agent": CHROME,
        "received_at_us": NOON,
        "accept_language": "de-AT",
        "headers_seen": HEADERS,
    }
    given: dict[str, Any] = {"proof": "valid", "is_page": True, "interaction_ms": 1_500}
    given |= {"has_screen": True} | evidence
    draft = Draft(Claims(Deduplicator()))
    draft.page, draft.screen, draft.site = Page(path=path), screen, site
    draft.place, draft.agent = Place(country=country), Agent("Chrome", "131", "Windows", "10")
    return (judge_ or EvidenceJudge()).score(
        Sender(**(values | (sender or {}))),
        Signal("pageview", url=path, referrer=referrer),
        Evidence(**given),
        draft,
    )


def test_a_person_who_proves_the_page_has_no_points() -> None:
    assert judge() == (0, "")


@pytest.mark.parametrize(
    ("changes", "points", "codes"),
    [
        ({"proof": "missing"}, 15, "proof_missing"),
        ({"proof": "invalid"}, 25, "proof_invalid"),
        ({"interaction_ms": 849}, 20, "quick"),
        ({"interaction_ms": 850}, 8, "hasty"),
        ({"interaction_ms": 999}, 8, "hasty"),
        ({"interaction_ms": 1_000}, 0, ""),
        ({"interaction_ms": None}, 0, ""),
        ({"sender": {"headers_seen": HEADERS - {"accept-language"}}}, 10, "no_language"),
        ({"sender": {"headers_seen": HEADERS - {"sec-fetch-site"}}}, 10, "no_hints"),
        ({"sender": {"headers_seen": HEADERS - {"sec-fetch-site"} | {"sec-ch-ua"}}}, 0, ""),
        ({"screen": "0x1080"}, 10, "odd_screen"),
        ({"screen": "10001x1080"}, 10, "odd_screen"),
        ({"screen": "10000x1"}, 0, ""),
        ({"screen": ""}, 10, "odd_screen"),
        ({"screen": "", "has_screen": False}, 0, ""),
        ({"path": "/blog/post", "referrer": ""}, 5, "deep_entry"),
        ({"path": "/blog", "referrer": ""}, 0, ""),
        ({"path": "/blog/post", "referrer": "", "is_page": False}, 0, ""),
        ({"sender": {"ip": HOSTED}}, 15, "hosting"),
        ({"sender": {"user_agent": GOOGLEBOT}}, 100, "crawler"),
        ({"sender": {"user_agent": "curl/8.5.0"}}, 100, "library"),
        ({"sender": {"user_agent": CHROME + " HeadlessChrome/131"}}, 100, "automation"),
    ],
)
def test_each_sign_has_its_points(changes: dict[str, Any], points: int, codes: str) -> None:
    assert judge(**changes) == (points, codes)


def test_points_add_up_to_a_hundred_at_most() -> None:
    bare = {"headers_seen": frozenset({"user-agent"})}
    assert judge(proof="invalid", interaction_ms=100, sender=bare) == (
        65,
        "quick,no_language,no_hints,proof_invalid",
    )
    assert judge(proof="missing", sender={"user_agent": GOOGLEBOT})[0] == 100


def test_an_operator_changes_points_and_suspects_countries() -> None:
    book = make_point_book(
        changes={"proof_missing": 50, "suspect_country": 40},
        countries={"ZZ"},
        site_countries={"shop": frozenset({"AT"})},
    )
    assert judge(EvidenceJudge(book), proof="missing") == (50, "proof_missing")
    assert judge(EvidenceJudge(book), country="ZZ") == (40, "suspect_country")
    assert judge(EvidenceJudge(book), site="shop") == (30, "suspect_country_of_site")
    with pytest.raises(KeyError):
        make_point_book(changes={"colour": 1})


def test_more_than_fifteen_signals_in_five_minutes_are_a_burst() -> None:
    one = EvidenceJudge()
    answers = [judge(one, sender={"received_at_us": NOON + i})[1] for i in range(17)]
    assert answers == [""] * 15 + ["burst"] * 2
    later = NOON + 6 * US_PER_MINUTE
    assert judge(one, sender={"received_at_us": later}) == (0, "")


def test_a_robot_makes_its_address_suspect_for_half_an_hour() -> None:
    one = EvidenceJudge()
    judge(one, sender={"user_agent": GOOGLEBOT})
    assert judge(one) == (20, "suspected_address")
    assert judge(one, sender={"ip": "84.112.10.21"}) == (0, "")
    late = NOON + 31 * US_PER_MINUTE
    assert judge(one, sender={"received_at_us": late}) == (0, "")
    assert judge(one, sender={"user_agent": GOOGLEBOT})[1] == "crawler"


def test_who_behaved_as_a_program_is_known_for_an_hour_and_its_neighbours_are_not() -> None:
    one = EvidenceJudge()
    bare = {"headers_seen": frozenset({"user-agent"}), "ip": HOSTED}
    assert judge(one, proof="invalid", interaction_ms=1, sender=bare)[0] == 80
    assert judge(one, sender={"ip": HOSTED})[1] == "hosting,confirmed_address"
    neighbour = {"ip": HOSTED, "user_agent": CHROME.replace("131", "132")}
    assert judge(one, sender=neighbour) == (15, "hosting")


def test_people_who_look_alike_are_left_in_peace() -> None:
    one = EvidenceJudge()
    answers = [judge(one, sender={"ip": f"84.112.10.{i}"}) for i in range(40)]
    assert answers == [(0, "")] * 40


def test_programs_that_look_alike_give_each_other_away() -> None:
    one = EvidenceJudge()
    answers = [judge(one, proof="missing", sender={"ip": f"84.112.10.{i}"}) for i in range(9)]
    assert [codes for _, codes in answers] == [
        *["proof_missing"] * 5,
        *["proof_missing,lookalike"] * 2,
        *["proof_missing,lookalikes"] * 2,
    ]
    later = NOON + 21 * US_PER_MINUTE
    assert judge(one, proof="missing", sender={"received_at_us": later})[0] == 15


def test_forgets_every_address_with_the_salt() -> None:
    one = EvidenceJudge()
    judge(one, sender={"user_agent": GOOGLEBOT})
    one.forget()
    assert judge(one) == (0, "")


def test_every_sign_can_be_explained() -> None:
    assert len({sign.code for sign in SIGNS}) == len(SIGNS)
    assert all(sign.meaning.endswith(".") for sign in SIGNS)
