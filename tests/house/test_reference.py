"""What the program declares is documented, and the pages say what the program declares."""

import re
from pathlib import Path

import pytest

from tools.reference import FOLDER, render_pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(render_pages()))
def test_reference_page_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text() == render_pages()[name], "run: python -m tools.reference"


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []
