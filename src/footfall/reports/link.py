"""Links that lead away from the site, and files that were downloaded: which, how often, from
which pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from footfall.reports.family import Desk
from footfall.reports.scope import Scope
from footfall.reports.slice import FIRST_ROWS, Listing, Slice, ask_slice

LinkKind = Literal["outlink", "download"]
KINDS: tuple[LinkKind, ...] = ("outlink", "download")

PAGES_SHOWN = 5
"""Pages named beside each link, those with the most clicks."""


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A page that a link was clicked on; '' when the click told none."""

    path: str
    clicks: int


@dataclass(frozen=True, slots=True)
class Link:
    """One link."""

    kind: LinkKind
    url: str
    clicks: int
    visitors: int
    page_count: int
    pages: tuple[LinkPage, ...]
    """The first PAGES_SHOWN."""


@dataclass(frozen=True, slots=True)
class LinkList:
    """Links, the most clicked first, and the figures over all of them."""

    links: Listing[Link]
    clicks: int
    visitors: int


@dataclass(frozen=True, slots=True)
class LinksQuestion:
    """The links of the scope."""

    scope: Scope
    kinds: tuple[LinkKind, ...] = KINDS
    part: Slice = FIRST_ROWS

    def check(self) -> None:
        """Refuse too long a part. Raises InvalidInputError."""
        self.part.check()

    def run(self, desk: Desk) -> LinkList:
        """Return the links asked for and the totals."""
        from footfall.reports import link_sql as sql

        links = sql.make_links(desk, self.kinds)
        order = [links.clicks.desc(), links.url.asc(), links.kind.asc()]
        rows, total = ask_slice(desk, links, order, self.part)
        pages = self._find_pages(desk, [row[1] for row in rows])
        listed = tuple(_read_link(row, pages[row[0], row[1]]) for row in rows)
        clicks, visitors = desk.ask(sql.make_totals(desk, self.kinds))[0]
        return LinkList(Listing(listed, total), int(clicks), int(visitors or 0))

    def _find_pages(self, desk: Desk, urls: list[str]) -> dict[tuple[str, str], "_Pages"]:
        from footfall.reports.link_sql import make_pages

        found: dict[tuple[str, str], _Pages] = {}
        rows = desk.ask(make_pages(desk, self.kinds, urls, PAGES_SHOWN)) if urls else []
        for kind, url, path, clicks, _, page_count in rows:
            of_link = found.setdefault((kind, url), _Pages(int(page_count), []))
            of_link.first.append(LinkPage(path, int(clicks)))
        return found


@dataclass(frozen=True, slots=True)
class _Pages:
    count: int
    first: list[LinkPage]


def _read_link(row: Sequence[Any], pages: _Pages) -> Link:
    kind, url, clicks, visitors = row
    return Link(kind, url, int(clicks), int(visitors), pages.count, tuple(pages.first))
