from pathlib import Path

from footfall.projects.secret import GENERATED, Secrets
from footfall.store.folder import DataFolder


def test_missing_token_is_made_once_and_kept(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    first = Secrets(folder, {})
    assert set(first.made) == set(GENERATED)
    second = Secrets(folder, {})
    assert second.made == {}
    assert second.text("PULSE_ADMIN_TOKEN") == first.text("PULSE_ADMIN_TOKEN")
    assert second.lasting_key == first.lasting_key


def test_token_from_the_settings_wins_and_is_not_written_down(tmp_path: Path) -> None:
    secrets = Secrets(DataFolder(tmp_path), {"PULSE_ADMIN_TOKEN": "from-the-settings"})
    assert secrets.text("PULSE_ADMIN_TOKEN") == "from-the-settings"
    assert "from-the-settings" not in (tmp_path / "secrets.json").read_text()
