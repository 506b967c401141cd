"""Sites, their domains, their forms and keys of integrations: values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Domain:
    """A host whose pages may show a site's forms."""

    number: int
    site: int
    host: str
    """Without port and without 'www.'; both spellings are meant."""
    created_at_us: int


@dataclass(frozen=True, slots=True)
class FormSite:
    """A web site that shows forms. Its key is public: it stands in pages."""

    number: int
    project: int
    site_key: str
    name: str
    is_enabled: bool
    records_sessions: bool
    """Visits may be recorded for replay."""
    takes_fingerprints: bool
    """Browsers may be told apart by what they are; off, by a random id of the visit."""
    created_at_us: int
    updated_at_us: int


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a site."""

    number: int
    site: int
    form_id: str
    name: str
    is_enabled: bool
    content: str
    """A JSON object, checked by `schema.parse_form`."""
    created_at_us: int
    updated_at_us: int


@dataclass(frozen=True, slots=True)
class SiteWhole:
    """A site with everything that belongs to it."""

    site: FormSite
    domains: tuple[Domain, ...]
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Integration:
    """A key of another system that sends leads, without the key itself."""

    number: int
    project: int
    name: str
    prefix: str
    """The first characters, to recognise it."""
    created_at_us: int
