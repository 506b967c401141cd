"""Echelon's site ids: a short name, and the project it stands for."""

import re

from footfall.projects.directory import Directory, ProjectEntry
from footfall.projects.register import DEFAULT_SLUG

DEFAULT_SITE = "default"

_SITE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def parse_site(text: str) -> str:
    """Return a site id; '' for what is none."""
    return text if _SITE.fullmatch(text) else ""


def find_project(directory: Directory, site: str) -> ProjectEntry | None:
    """Return the project whose slug is the site id, else the default project (design §5)."""
    return directory.find_slug(site) or directory.find_slug(DEFAULT_SLUG)
