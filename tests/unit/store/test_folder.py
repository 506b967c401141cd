from pathlib import Path

import pytest

from footfall.errors import ConflictError
from footfall.store.folder import DataFolder


def test_second_owner_is_refused(tmp_path: Path) -> None:
    first = DataFolder(tmp_path / "data")
    first.open()
    with pytest.raises(ConflictError, match="in use by another footfall process"):
        DataFolder(tmp_path / "data").open()
    first.close()
    second = DataFolder(tmp_path / "data")
    second.open()
    second.close()


def test_private_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.save_private("secrets.json", b'{"a": 1}')
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert folder.load_json("secrets.json") == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["secrets.json"]


def test_absent_file_is_an_empty_object(tmp_path: Path) -> None:
    assert DataFolder(tmp_path).load_json("nothing.json") == {}
