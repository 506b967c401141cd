"""Echelon's names for settings of ours: what they mean, who wins, and what is said."""

import pytest

from footfall.alias import NEAR_NETWORKS
from footfall.config import parse_config
from footfall.errors import ConfigError


def read_notes(**environ: str) -> list[str]:
    return list(parse_config(environ).notes)


def test_port_folder_and_proxies_follow_echelons_names() -> None:
    config = parse_config(
        {
            "ECHELON_PORT": "1947",
            "ECHELON_DB_PATH": "/data/echelon.db",
            "ECHELON_TRUST_PROXY": "true",
        }
    )
    assert config.integer("FOOTFALL_PORT") == 1947
    assert str(config.data_dir) == "/data/echelon"
    assert [str(n) for n in config.trusted_proxies] == NEAR_NETWORKS.split(",")
    assert [note.partition(":")[0] for note in config.notes] == [
        "ECHELON_DB_PATH",
        "ECHELON_TRUST_PROXY",
    ]
    assert "'/data/echelon'" in config.notes[0]


def test_our_names_win_and_the_contradiction_is_told() -> None:
    environ = {
        "ECHELON_PORT": "1947",
        "FOOTFALL_PORT": "8000",
        "ECHELON_DB_PATH": "/old",
        "FOOTFALL_DATA_DIR": "/new",
        "ECHELON_TRUST_PROXY": "on",
        "FOOTFALL_TRUSTED_PROXIES": "10.1.0.0/16",
    }
    config = parse_config(environ)
    assert config.integer("FOOTFALL_PORT") == 8000
    assert str(config.data_dir) == "/new"
    assert [str(n) for n in config.trusted_proxies] == ["10.1.0.0/16"]
    assert config.notes == (
        "ECHELON_PORT is '1947' but FOOTFALL_PORT is '8000', which wins",
        "ECHELON_DB_PATH is '/old' but FOOTFALL_DATA_DIR is '/new', which wins",
        "ECHELON_TRUST_PROXY is 'on' but FOOTFALL_TRUSTED_PROXIES is '10.1.0.0/16', which wins",
    )


def test_nothing_is_said_of_names_that_agree_or_are_off() -> None:
    assert read_notes(ECHELON_PORT="9", FOOTFALL_PORT="9", ECHELON_TRUST_PROXY="off") == []


def test_a_path_without_an_ending_is_not_taken_for_the_folder_itself() -> None:
    assert str(parse_config({"ECHELON_DB_PATH": "/data/echelon"}).data_dir) == "/data/echelon-data"


def test_retention_is_told_and_ours_wins() -> None:
    default = parse_config({})
    assert default.integer("ECHELON_RETENTION_DAYS") == 0
    assert default.notes == ()
    assert parse_config({"ECHELON_RETENTION_DAYS": "90"}).notes == (
        "ECHELON_RETENTION_DAYS: events from Echelon's door are kept 90 days",
    )
    assert parse_config({"FOOTFALL_RETENTION_DAYS": "30"}).notes == ()
    both = {"FOOTFALL_RETENTION_DAYS": "30", "ECHELON_RETENTION_DAYS": "60"}
    assert parse_config(both).notes == (
        "ECHELON_RETENTION_DAYS is '60' but FOOTFALL_RETENTION_DAYS is '30', which wins",
    )


def test_what_changes_nothing_says_so() -> None:
    assert read_notes(ECHELON_TELEMETRY="true", ECHELON_DISPLAY_TIMEZONE="UTC") == [
        "ECHELON_DISPLAY_TIMEZONE: changes nothing; every project has a time zone of its own,"
        " in its settings",
        "ECHELON_TELEMETRY: changes nothing; Footfall reports to nobody, whatever it says",
    ]
    assert read_notes(ECHELON_RETENTOIN_DAYS="30") == [
        "ECHELON_RETENTOIN_DAYS: no setting has this name; it changes nothing"
    ]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ECHELON_PORT", "x", "FOOTFALL_PORT: 'x' is no whole number"),
        ("ECHELON_VIEW_FLUSH_MS", "1", "ECHELON_VIEW_FLUSH_MS: 1 is below 10"),
        ("ECHELON_RETENTION_DAYS", "-1", "ECHELON_RETENTION_DAYS: -1 is below 0"),
        ("ECHELON_TRUST_PROXY", "maybe", "ECHELON_TRUST_PROXY: 'maybe' is neither on nor off"),
    ],
)
def test_bad_values_are_quoted(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config({name: value})
    assert sentence in caught.value.message
