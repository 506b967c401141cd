from typing import Any

import pytest

from footfall.clock import FixedClock
from footfall.errors import InvalidInputError, NotFoundError
from footfall.projects import password
from footfall.projects.module import CORE_MODULES
from footfall.projects.register import Projects
from footfall.projects.share import Shares, ShareWish
from tests.unit.projects.fake_records import FakeRecords

NOW_US = 1_763_700_000_000_000


class House:
    def __init__(self) -> None:
        self.clock = FixedClock(NOW_US)
        records = FakeRecords()
        self.projects = Projects(records, self.clock)
        self.projects.setup()
        self.shop = self.projects.create("Shop")
        self.other = self.projects.create("Other")
        self.shares = Shares(records, self.clock)


@pytest.fixture
def house() -> House:
    return House()


def test_a_link_is_found_by_its_token_and_by_nothing_else(house: House) -> None:
    made = house.shares.create(house.shop, ShareWish(name=" Board "))
    assert house.shares.find_token(made.token) == made
    assert made.name == "Board"
    assert len(made.token) == 24
    assert house.shares.find_token(made.id) is None
    assert house.shares.find_token("") is None


def test_a_link_without_modules_shows_the_core(house: House) -> None:
    assert house.shares.create(house.shop, ShareWish()).shown_modules == set(CORE_MODULES)
    chosen = house.shares.create(house.shop, ShareWish(modules=["utm", "web_vitals", "utm"]))
    assert chosen.modules == ("utm", "webvitals")


def test_a_link_ends_at_its_time(house: House) -> None:
    made = house.shares.create(house.shop, ShareWish(expires_at_us=NOW_US + 1_000_000))
    assert house.shares.find_token(made.token)
    house.clock.advance_s(1)
    assert house.shares.find_token(made.token) is None
    assert house.shares.list_shares(house.shop) == [made]


def test_a_revoked_link_is_gone_and_only_its_project_revokes_it(house: House) -> None:
    made = house.shares.create(house.shop, ShareWish())
    with pytest.raises(NotFoundError, match="Shared dashboard"):
        house.shares.revoke(made.id, house.other)
    house.shares.revoke(made.id.removeprefix("shr-"), house.shop)
    assert house.shares.find_token(made.token) is None


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"name": "x" * 201}, "has 201 characters; accepted are 200"),
        ({"modules": ["shoes"]}, "unknown module 'shoes'"),
        ({"password": "x" * 201}, "password has 201 characters; accepted are 1 to 200"),
        ({"expires_at_us": NOW_US}, "expires_at is past"),
        ({"embed_origins": ["intranet.example"]}, "holds 'intranet.example'; accepted are origins"),
        ({"embed_origins": ["https://a.example/path"]}, "accepted are origins"),
        ({"embed_origins": ["https://a.example; script-src *"]}, "accepted are origins"),
        ({"embed_origins": ["*"], "password": "p"}, "a link with a password cannot be embedded"),
    ],
)
def test_a_bad_wish_is_refused_and_quoted(
    house: House, wish: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        house.shares.create(house.shop, ShareWish(**wish))
    assert sentence in caught.value.message
    assert house.shares.list_shares(house.shop) == []


def test_a_password_is_kept_as_a_salted_slow_hash() -> None:
    first, second = password.hash_password("geheim"), password.hash_password("geheim")
    assert first != second
    assert first.startswith("scrypt$32768$8$1$")
    assert "geheim" not in first
    assert password.is_password("geheim", first)
    assert not password.is_password("Geheim", first)
    assert not password.is_password("", first)


def test_a_hash_of_another_cost_still_opens() -> None:
    import hashlib

    derived = hashlib.scrypt(b"alt", salt=b"1" * 16, n=1024, r=8, p=1, dklen=32)
    stored = f"scrypt$1024$8$1${(b'1' * 16).hex()}${derived.hex()}"
    assert password.is_password("alt", stored)
