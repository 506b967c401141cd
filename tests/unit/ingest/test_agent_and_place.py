"""User agents and places."""

from pathlib import Path

import pytest

from footfall.errors import ConfigError
from footfall.ingest.agent import Agent, parse_agent
from footfall.ingest.place import NOWHERE, Place, Places, _parse_record, find_country_of_zone
from footfall.ingest.steps.shape import parse_currency, parse_language, parse_screen
from tests.unit.ingest.world import PLACES

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4"
CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "agent"),
    [
        ("", Agent()),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Safari/537.36",
            Agent("Chrome", "122", "Windows", "10", "Desktop"),
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Safari/537.36 Edg/122.0.0.0",
            Agent("Edge", "122", "Windows", "10", "Desktop"),
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {SAFARI} "
            "Mobile/15E148 Safari/604.1",
            Agent("Safari", "17", "iOS", "17.4", "Mobile"),
        ),
        (
            f"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1",
            Agent("Safari", "17", "iOS", "16.6", "Tablet"),
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Safari/605.1.15",
            Agent("Safari", "17", "macOS", "10.15", "Desktop"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {CHROMIUM} Mobile Safari/537.36",
            Agent("Chrome", "122", "Android", "14", "Mobile"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 13; SM-X200) {CHROMIUM} Safari/537.36",
            Agent("Chrome", "122", "Android", "13", "Tablet"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
            Agent("Firefox", "125", "Linux", "", "Desktop"),
        ),
        (
            "Mozilla/5.0 (PlayStation; PlayStation 5/6.00) AppleWebKit/605.1.15",
            Agent("", "", "", "", "Console"),
        ),
    ],
)
def test_reads_a_user_agent(user_agent: str, agent: Agent) -> None:
    found = parse_agent(user_agent)
    if agent.device == "Console":
        assert found.device == "Console"
    else:
        assert found == agent


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Asia/Calcutta", "IN"),
        ("Asia/Kathmandu", "NP"),
        ("UTC", ""),
        ("Mars/Olympus", ""),
        ("../../etc/passwd", ""),
        ("", ""),
    ],
)
def test_knows_the_country_of_a_time_zone(zone: str, country: str) -> None:
    assert find_country_of_zone(zone) == country


def test_the_address_decides_and_the_zone_helps_out() -> None:
    assert PLACES.find("8.8.8.8", "Europe/Berlin") == Place("US")
    assert PLACES.find("10.0.0.1", "Europe/Berlin") == Place("DE")
    assert PLACES.find("not an address", "") is NOWHERE
    assert PLACES.find("::1", "") is NOWHERE


def test_tells_the_age_of_its_data() -> None:
    assert 1_780_000_000 < PLACES.built_at_s < 1_800_000_000


def test_reads_city_databases_of_both_shapes() -> None:
    flat = {"country_code": "AT", "state1": "Vienna", "city": "Vienna"}
    nested = {
        "country": {"iso_code": "AT"},
        "subdivisions": [{"names": {"en": "Vienna"}}],
        "city": {"names": {"en": "Vienna", "de": "Wien"}},
    }
    assert _parse_record(flat) == _parse_record(nested) == Place("AT", "Vienna", "Vienna")
    assert _parse_record({"country": {"iso_code": "AT"}}) == Place("AT")


def test_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "x.mmdb"
    with pytest.raises(ConfigError, match="FOOTFALL_COUNTRY_DB"):
        Places(path)
    path.write_bytes(b"nothing")
    with pytest.raises(ConfigError, match="FOOTFALL_COUNTRY_DB"):
        Places(path)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en-us,en;q=0.5", "en-US"),
        ("DE", "de"),
        ("pt_br", "pt-BR"),
        ("zh-Hans-CN", "zh-Hans-CN"),
        ("*", ""),
        ("", ""),
        ("<script>", ""),
    ],
)
def test_reads_a_language(text: str, tag: str) -> None:
    assert parse_language(text) == tag


@pytest.mark.parametrize(
    ("text", "screen"),
    [("1920x1080", "1920x1080"), (" 0800X0600 ", "800x600"), ("x", ""), ("1920", ""), ("-1x5", "")],
)
def test_reads_a_screen(text: str, screen: str) -> None:
    assert parse_screen(text) == screen


@pytest.mark.parametrize(("text", "code"), [("usd", "USD"), ("€", ""), ("EURO", ""), ("", "")])
def test_reads_a_currency(text: str, code: str) -> None:
    assert parse_currency(text) == code
