"""The table of commands: help, usage errors, exit codes, and the small commands."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from footfall.cli.command import COMMANDS
from tests.unit.cli.fakes import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_without_a_command_prints_the_table_and_fails(world: World) -> None:
    code, out, _ = world.run()
    assert code == 2
    assert all(command.name in out for command in COMMANDS)
    assert world.run("--help")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["dance"], "footfall: 'dance' is no command; there are serve, demo, import"),
        (["import"], "footfall import: the following arguments are required: FORMAT"),
        (["import", "access-log", "x"], "are required: --project"),
        (["keys", "create", "--project", "x", "--scope", "all"], "invalid choice: 'all'"),
        (["version", "--loud"], "unrecognized arguments: --loud"),
    ],
)
def test_a_usage_error_is_one_sentence_and_code_2(
    world: World, arguments: list[str], sentence: str
) -> None:
    code, out, err = world.run(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", [c for c in COMMANDS if find_spec(c.module)])
def test_every_command_has_help(
    world: World, command: object, capsys: pytest.CaptureFixture[str]
) -> None:
    name = getattr(command, "name", "")
    assert world.run(name, "--help")[0] == 0
    assert f"usage: footfall {name}" in capsys.readouterr().out


def test_bad_settings_are_all_named_and_stop_the_command(world: World) -> None:
    code, _, err = world.run("projects", "list", FOOTFALL_PORT="x", RATE_LIMIT_PER_SECOND="-1")
    assert code == 2
    assert "FOOTFALL_PORT: 'x' is no whole number" in err
    assert "RATE_LIMIT_PER_SECOND: -1 is below 0" in err


def test_config_prints_every_setting_and_masks_secrets(world: World) -> None:
    code, out, _ = world.run("config", PULSE_ADMIN_TOKEN="hush-hush", FOOTFALL_PORT="9000")
    assert code == 0
    assert "hush-hush" not in out
    lines = {row.split()[0]: row.split()[1:] for row in out.splitlines() if row[:1].strip()}
    assert lines["PULSE_ADMIN_TOKEN"] == ["********"]
    assert lines["FOOTFALL_PORT"] == ["9000"]
    assert lines["FOOTFALL_HOST"] == ["127.0.0.1", "(default)"]
    assert lines["FOOTFALL_WAREHOUSE_URL"] == ["(empty)", "(default)"]


def test_version_names_the_version(world: World) -> None:
    assert world.run("version")[1].startswith("footfall 0.")
    assert world.run("--version") == world.run("version")


def test_projects_are_made_and_listed(world: World) -> None:
    assert world.run("projects", "create", "Shop", "--domain", "shop.example")[1] == "id-1\n"
    assert "id-1  UTC" in world.run("projects", "list")[1]


def test_a_key_is_made_listed_and_revoked(world: World) -> None:
    world.run("projects", "create", "Shop")
    code, out, _ = world.run("keys", "create", "--project", "Shop", "--scope", "query")
    assert (code, out) == (0, "pa_live_abcdefgh\n")
    listed = world.run("keys", "list", "--project", "shop")[1]
    assert "key-1  pa_live_abcd...  query" in listed
    assert "abcdefgh" not in listed
    assert world.run("keys", "revoke", "key-1")[0] == 0
    assert world.run("keys", "list", "--project", "Shop")[1] == ""


def test_a_failure_is_one_sentence_and_code_1(world: World) -> None:
    code, _, err = world.run("keys", "create", "--project", "None")
    assert (code, err) == (1, "footfall: Project 'None' not found.\n")
    assert world.run("keys", "revoke", "key-9")[2] == "footfall: Key 'key-9' not found.\n"


def test_a_secret_made_on_first_use_is_printed_once_and_not_into_the_answer(world: World) -> None:
    world.admin_token = ""
    _, out, err = world.run("projects", "list")
    assert out == ""
    assert err.startswith("PULSE_ADMIN_TOKEN = ")
    assert world.run("projects", "list")[2] == ""
