"""The house keeps its own rules: sizes, words that must not stand in the tree."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 500
DATA_TABLES: frozenset[str] = frozenset()
"""Files that are tables of data and may be longer, by path."""


def list_tracked_files() -> list[Path]:
    """Return the files under version control, or all when there is no repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def is_ours(path: Path) -> bool:
    return not any(part in {"vendor", "built", "node_modules", "data"} for part in path.parts)


def test_no_source_file_is_longer_than_one_can_read() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in list_tracked_files()
        if path.suffix in {".py", ".ts", ".css", ".html"} and is_ours(path)
        if str(path.relative_to(ROOT)) not in DATA_TABLES
        if (count := len(path.read_text().splitlines())) > MAX_LINES
    ]
    assert long == []


def test_no_module_is_named_after_nothing() -> None:
    homeless = {"utils", "helpers", "common", "base", "manager", "misc", "util", "helper"}
    found = [p for p in list_tracked_files() if p.suffix in {".py", ".ts"} and p.stem in homeless]
    assert found == []


def test_no_download_address_stands_in_a_lock_file() -> None:
    locks = [
        *(ROOT / "requirements").glob("*.txt"),
        *(p for p in list_tracked_files() if p.name == "package-lock.json"),
    ]
    assert locks
    for lock in locks:
        text = lock.read_text()
        assert '"resolved"' not in text, lock
        assert not re.search(r"(?m)^\s*(--index-url|--extra-index-url|-i)\s", text), lock


def test_only_requests_and_pipeline_name_an_address() -> None:
    allowed = ("http/", "ingest/", "bots/", "identity/", "dialects/", "api/control", "cli/")
    pattern = re.compile(r"\bip\b\s*[:=]")
    found = [
        str(path.relative_to(ROOT / "src/footfall"))
        for path in (ROOT / "src/footfall").rglob("*.py")
        if pattern.search(path.read_text())
    ]
    assert [name for name in found if not name.startswith(allowed)] == []


def test_no_folder_of_tests_is_forgotten() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    folders = {p.relative_to(ROOT).parts[1] for p in (ROOT / "tests").rglob("test_*.py")}
    assert {f"tests/{folder}" for folder in folders} == set(options["testpaths"])
