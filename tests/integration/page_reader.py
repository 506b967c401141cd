"""What a page of ours says and what it could do, for tests that look for things that run."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_QUIET = {"value", "href", "action"}
"""Attributes that nobody reads: they may hold a text as it was typed."""


@dataclass
class ReadPage:
    """A page, taken apart."""

    texts: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that is read, in one line."""
        return " ".join(" ".join(self.texts).split())

    @property
    def shown(self) -> str:
        """Everything that is read, seen or read out."""
        attributes = [v for _, own in self.tags for k, v in own.items() if k not in _QUIET]
        return self.text + "\n" + "\n".join(attributes)

    def find_running(self) -> list[str]:
        """Return what would run or load from elsewhere."""
        found = []
        for tag, own in self.tags:
            found += [f"{tag} {name}" for name in own if name.startswith("on") or name == "style"]
            if tag in {"img", "iframe", "object", "embed", "base", "link"} and not own.get(
                "href", own.get("src", "")
            ).startswith("/dashboard/static/"):
                found.append(f"{tag} {own}")
            if tag == "script" and not own.get("src", "").startswith("/dashboard/static/"):
                found.append(f"script {own}")
            if own.get("href", "").lower().startswith(("javascript:", "data:")):
                found.append(f"{tag} {own['href']}")
        return found


class _Parser(HTMLParser):
    def __init__(self, page: ReadPage) -> None:
        super().__init__(convert_charrefs=True)
        self._page = page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._page.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self._page.texts.append(data)


def read_page(document: str) -> ReadPage:
    """Take a page apart."""
    page = ReadPage()
    _Parser(page).feed(document)
    return page
