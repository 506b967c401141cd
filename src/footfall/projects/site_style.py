"""The looks of sites' consent questions: rules of an owner, cleaned so that they can colour and
place, and neither load nor run anything."""

import re
import threading

from footfall.store.records import Records

STYLE_LIMIT = 4_096
"""Characters that are kept [doc]."""

_TABLE = "site_styles"

_COMMENT = re.compile(r"/\*.*?(\*/|\Z)", re.DOTALL)
_FORBIDDEN = re.compile(
    r"url\(|image\(|image-set\(|element\(|paint\(|@import|@font-face|@keyframes|expression\(|"
    r"behavior:|javascript:|-moz-binding:",
    re.IGNORECASE,
)
"""What could load from elsewhere or run [original]."""

HARMLESS = "/* removed */"


class SiteStyles:
    """Keeps the rules of each site. Calls block, except `find_style`: through a thread."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._changing = threading.Lock()
        self._styles: dict[str, str] = {}

    def setup(self) -> None:
        """Read what is stored."""
        with self._records.transaction() as t:
            self._styles = {r["site"]: r["style"] for r in t.find(_TABLE, {}, limit=1_000_000)}

    def find_style(self, site: str) -> str:
        """Return the rules of a site; '' for none."""
        return self._styles.get(site, "")

    def save(self, site: str, style: str | None) -> None:
        """Replace the rules of a site by cleaned ones; None forgets them."""
        with self._changing:
            with self._records.transaction() as t:
                t.remove(_TABLE, {"site": site})
                if style:
                    t.add(_TABLE, {"site": site, "style": clean_style(style)})
            self.setup()


def clean_style(style: str) -> str:
    """Return rules without anything that could load or run, cut at STYLE_LIMIT characters.

    Backslashes go first: they spell forbidden words in ways a browser still reads.
    """
    plain = _COMMENT.sub("", style.replace("\\", "").replace("\0", ""))
    while True:
        cleaned = _FORBIDDEN.sub(HARMLESS, plain)
        # What stood around a removed word may have become one.
        merged = cleaned.replace(HARMLESS, "")
        if not _FORBIDDEN.search(merged):
            return cleaned.replace("</", "")[:STYLE_LIMIT]
        plain = merged
