"""The contract of the object store, on a folder and in memory."""

from pathlib import Path

import pytest

from footfall.errors import ConfigError, NotFoundError, StoreError
from footfall.store.objects import Objects, open_objects


@pytest.fixture(params=["", "memory://"], ids=["folder", "memory"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    return open_objects(request.param, tmp_path / "objects")


def test_returns_what_was_saved(objects: Objects) -> None:
    objects.save("replay/1/a", b"\0\xff")
    objects.save("replay/1/a", b"new")
    objects.save("replay/1/empty", b"")
    assert objects.load("replay/1/a") == b"new"
    assert objects.load("replay/1/empty") == b""


def test_lists_a_folder_and_not_its_namesake(objects: Objects) -> None:
    for name in ("replay/1/b", "replay/1/a/deep", "replay/10/c", "other"):
        objects.save(name, b"x")
    assert list(objects.list("replay/1")) == ["replay/1/a/deep", "replay/1/b"]
    assert list(objects.list("nothing")) == []


def test_what_is_removed_is_gone(objects: Objects) -> None:
    objects.save("a/b", b"x")
    objects.remove("a/b")
    objects.remove("a/b")
    assert list(objects.list("a")) == []
    with pytest.raises(NotFoundError, match="a/b"):
        objects.load("a/b")


def test_a_folder_outlives_the_program(tmp_path: Path) -> None:
    open_objects("", tmp_path).save("a/b", b"x")
    assert open_objects("", tmp_path).load("a/b") == b"x"


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    objects = open_objects("", tmp_path / "objects")
    with pytest.raises(StoreError):
        objects.save("../outside", b"x")
    assert not (tmp_path / "outside").exists()


def test_refuses_a_url_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ftp"):
        open_objects("ftp://x", tmp_path)
