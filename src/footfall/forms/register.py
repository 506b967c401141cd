"""Sites, domains, forms and keys of integrations: made, found, changed and removed here and nowhere
else. Every change is stored first and then shown to the look-up. Calls block: on the event loop,
go through a thread."""

import re
import secrets
import threading
from dataclasses import dataclass, fields
from typing import Any

from footfall.clock import Clock
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.forms.lookup import FormLookup
from footfall.forms.schema import parse_form
from footfall.forms.site import Domain, Form, FormSite, Integration, SiteWhole
from footfall.projects.directory import hash_secret
from footfall.projects.domain import parse_domain, strip_port
from footfall.store.records import Record, Records, Transaction

NAME_LIMIT = 200

MOST_SITES = 10_000
"""All are held in memory, some kilobytes each with its forms."""

MOST_DOMAINS = 200
"""Of one site."""

MOST_FORMS = 200
"""Of one site."""

MOST_INTEGRATIONS = 1_000

SITE_KEY_PREFIX = "pk_live_"
INTEGRATION_PREFIX = "pg_int_"
KEY_BYTES = 24
"""Random bytes of a key: 32 characters of url-safe base64."""

_SHOWN = 11
"""Characters of an integration's key that lists show: the prefix and four more."""

_SITE_KEY = re.compile(r"[A-Za-z0-9_-]{6,64}")
_FORM_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_SITES, _DOMAINS, _FORMS, _INTEGRATIONS = "form_sites", "form_domains", "forms", "integrations"


@dataclass(frozen=True, slots=True)
class SiteChange:
    """What somebody changes of a site; None leaves it as it is."""

    name: str | None = None
    is_enabled: bool | None = None
    records_sessions: bool | None = None
    takes_fingerprints: bool | None = None


@dataclass(frozen=True, slots=True)
class FormChange:
    """What somebody changes of a form; None leaves it as it is."""

    name: str | None = None
    is_enabled: bool | None = None
    content: object = None
    """A form as `schema.parse_form` takes it."""


class FormRegister:
    """Keeps sites and forms; `lookup` shows them to the hot paths."""

    def __init__(self, records: Records, clock: Clock, lookup: FormLookup | None = None) -> None:
        self._records = records
        self._clock = clock
        self._changing = threading.RLock()
        self.lookup = lookup or FormLookup()

    def reload(self) -> None:
        """Read everything anew: at the start, and to see what other nodes changed."""
        with self._changing:
            with self._records.transaction() as t:
                sites = [_read_site(r) for r in t.find(_SITES, {}, limit=MOST_SITES)]
                domains = _find_domains(t, {})
                forms = _find_forms(t, {})
                keys = t.find(_INTEGRATIONS, {}, limit=MOST_INTEGRATIONS)
            self.lookup.replace(sites, domains, forms, {r["hash"]: r["project"] for r in keys})

    def list_sites(self) -> list[SiteWhole]:
        """Return all sites with their domains and forms, oldest first."""
        with self._records.transaction() as t:
            sites = [_read_site(r) for r in t.find(_SITES, {}, limit=MOST_SITES)]
            domains, forms = _find_domains(t, {}), _find_forms(t, {})
        return [_gather(site, domains, forms) for site in sites]

    def find_site(self, number: int) -> SiteWhole:
        """Return a site with its domains and forms. Raises NotFoundError."""
        with self._records.transaction() as t:
            site = _load_site(t, number)
            where = {"site": number}
            return _gather(site, _find_domains(t, where), _find_forms(t, where))

    def create_site(self, project: int, *, name: str = "", site_key: str = "") -> FormSite:
        """Create a site of a project; without a key it gets a random one.

        Raises InvalidInputError, ConflictError when the key is taken.
        """
        site_key = site_key.strip() or SITE_KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
        if not _SITE_KEY.fullmatch(site_key):
            raise InvalidInputError(
                f"site_key '{site_key[:40]}' must be 6 to 64 letters, digits, '_' or '-',"
                f" for example {SITE_KEY_PREFIX}my_site",
                field="site_key",
            )
        now = self._clock.now_us()
        record = {
            "project": project,
            "site_key": site_key,
            "name": _parse_name(name),
            "is_enabled": 1,
            "records_sessions": 0,
            "takes_fingerprints": 0,
            "created_at_us": now,
            "updated_at_us": now,
        }
        with self._changing:
            try:
                with self._records.transaction() as t:
                    _check_room(t, _SITES, {}, MOST_SITES, "sites")
                    number = t.add(_SITES, record)
            except ConflictError:
                raise ConflictError(f"site_key '{site_key}' is taken; choose another") from None
            self.reload()
        return _read_site({**record, "number": number})

    def change_site(self, number: int, change: SiteChange) -> SiteWhole:
        """Change a site. Raises NotFoundError, InvalidInputError."""
        self._change(_SITES, "Site", number, _read_change(change))
        return self.find_site(number)

    def remove_site(self, number: int) -> None:
        """Forget a site with its domains and forms. Raises NotFoundError."""
        self._remove(_SITES, "Site", {"number": number})

    def add_domain(self, site: int, domain: str) -> Domain:
        """Let pages of a domain show a site's forms; an address of a page names its domain.

        Raises NotFoundError, InvalidInputError, ConflictError when the site has it already.
        """
        host = strip_port(parse_domain(domain))
        record = {"site": site, "host": host, "created_at_us": self._clock.now_us()}
        with self._changing:
            try:
                with self._records.transaction() as t:
                    _load_site(t, site)
                    _check_room(t, _DOMAINS, {"site": site}, MOST_DOMAINS, "domains")
                    number = t.add(_DOMAINS, record)
            except ConflictError:
                raise ConflictError(f"domain '{host}' is registered for this site") from None
            self.reload()
        return Domain(number=number, **record)  # type: ignore[arg-type]

    def remove_domain(self, site: int, number: int) -> None:
        """Take a domain from a site. Raises NotFoundError."""
        self._remove(_DOMAINS, "Domain", {"number": number, "site": site})

    def list_forms(self, site: int | None = None) -> list[Form]:
        """Return all forms, or those of one site, oldest first. Raises NotFoundError."""
        with self._records.transaction() as t:
            if site is not None:
                _load_site(t, site)
            return _find_forms(t, {} if site is None else {"site": site})

    def find_form(self, reference: str) -> Form:
        """Return a form by its number, or by its id where only one site has it.

        Raises NotFoundError, InvalidInputError when several sites have a form of that id.
        """
        with self._records.transaction() as t:
            if _is_number(reference):
                found = _find_forms(t, {"number": int(reference)})
                if found:
                    return found[0]
            found = _find_forms(t, {"form_id": reference})
        if not found:
            raise NotFoundError("Form", reference)
        if len(found) > 1:
            numbers = ", ".join(str(form.number) for form in found)
            raise InvalidInputError(
                f"form '{reference}' exists on {len(found)} sites; name one by its id: {numbers}"
            )
        return found[0]

    def create_form(self, site: int, form_id: str, content: object, *, name: str = "") -> Form:
        """Create a form of a site.

        Raises NotFoundError, InvalidInputError naming the place, ConflictError when the site has
        a form of that id.
        """
        if not _FORM_ID.fullmatch(form_id):
            raise InvalidInputError(
                f"form_id '{form_id[:40]}' must be 1 to 64 letters, digits, '.', '_' or '-',"
                " for example enquiry_form",
                field="form_id",
            )
        now = self._clock.now_us()
        record = {
            "site": site,
            "form_id": form_id,
            "name": _parse_name(name),
            "is_enabled": 1,
            "content": parse_form(content),
            "created_at_us": now,
            "updated_at_us": now,
        }
        with self._changing:
            try:
                with self._records.transaction() as t:
                    _load_site(t, site)
                    _check_room(t, _FORMS, {"site": site}, MOST_FORMS, "forms")
                    number = t.add(_FORMS, record)
            except ConflictError:
                raise ConflictError(f"form_id '{form_id}' is taken on this site") from None
            self.reload()
        return _read_form({**record, "number": number})

    def change_form(self, number: int, change: FormChange) -> Form:
        """Change a form. Raises NotFoundError, InvalidInputError."""
        self._change(_FORMS, "Form", number, _read_change(change))
        return self.find_form(str(number))

    def remove_form(self, number: int) -> None:
        """Forget a form; leads it brought stay. Raises NotFoundError."""
        self._remove(_FORMS, "Form", {"number": number})

    def list_integrations(self) -> list[Integration]:
        """Return the keys of integrations, oldest first."""
        with self._records.transaction() as t:
            found = t.find(_INTEGRATIONS, {}, limit=MOST_INTEGRATIONS)
        return [_read_integration(record) for record in found]

    def create_integration(self, project: int, *, name: str = "") -> tuple[Integration, str]:
        """Make a key that sends leads to a project; returns it and its secret, which cannot be
        read again. Raises InvalidInputError."""
        secret = INTEGRATION_PREFIX + secrets.token_urlsafe(KEY_BYTES)
        record = {
            "project": project,
            "name": _parse_name(name),
            "hash": hash_secret(secret),
            "prefix": secret[:_SHOWN],
            "created_at_us": self._clock.now_us(),
        }
        with self._changing:
            with self._records.transaction() as t:
                _check_room(t, _INTEGRATIONS, {}, MOST_INTEGRATIONS, "keys")
                number = t.add(_INTEGRATIONS, record)
            self.reload()
        return _read_integration({**record, "number": number}), secret

    def remove_integration(self, number: int) -> None:
        """Revoke a key: it opens nothing from now on. Raises NotFoundError."""
        self._remove(_INTEGRATIONS, "Integration", {"number": number})

    def _change(self, table: str, noun: str, number: int, values: dict[str, Any]) -> None:
        values["updated_at_us"] = self._clock.now_us()
        with self._changing:
            with self._records.transaction() as t:
                if not t.change(table, {"number": number}, values):
                    raise NotFoundError(noun, str(number))
            self.reload()

    def _remove(self, table: str, noun: str, where: dict[str, int]) -> None:
        with self._changing:
            with self._records.transaction() as t:
                if not t.remove(table, where):
                    raise NotFoundError(noun, str(where["number"]))
            self.reload()


def _read_change(change: SiteChange | FormChange) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields(change):
        value = getattr(change, field.name)
        if value is None:
            continue
        if field.name == "name":
            values["name"] = _parse_name(value)
        elif field.name == "content":
            values["content"] = parse_form(value)
        else:
            values[field.name] = int(value)
    return values


def _parse_name(name: str) -> str:
    name = name.strip()
    if len(name) > NAME_LIMIT:
        raise InvalidInputError(
            f"name '{name[:40]}…' has {len(name)} characters; accepted are at most {NAME_LIMIT}",
            field="name",
        )
    return name


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _check_room(t: Transaction, table: str, where: dict[str, int], most: int, noun: str) -> None:
    if t.count(table, where) >= most:
        raise InvalidInputError(f"there are {most} {noun} already; remove some first")


def _load_site(t: Transaction, number: int) -> FormSite:
    found = t.find(_SITES, {"number": number})
    if not found:
        raise NotFoundError("Site", str(number))
    return _read_site(found[0])


def _find_domains(t: Transaction, where: dict[str, int]) -> list[Domain]:
    found = t.find(_DOMAINS, where, limit=MOST_SITES * MOST_DOMAINS)
    return [Domain(**record) for record in found]


def _find_forms(t: Transaction, where: dict[str, Any]) -> list[Form]:
    return [_read_form(r) for r in t.find(_FORMS, where, limit=MOST_SITES * MOST_FORMS)]


def _gather(site: FormSite, domains: list[Domain], forms: list[Form]) -> SiteWhole:
    return SiteWhole(
        site,
        tuple(domain for domain in domains if domain.site == site.number),
        tuple(form for form in forms if form.site == site.number),
    )


_FLAGS = ("is_enabled", "records_sessions", "takes_fingerprints")


def _with_flags(record: Record) -> dict[str, Any]:
    return {k: bool(v) if k in _FLAGS else v for k, v in record.items()}


def _read_site(record: Record) -> FormSite:
    return FormSite(**_with_flags(record))


def _read_form(record: Record) -> Form:
    return Form(**_with_flags(record))


def _read_integration(record: Record) -> Integration:
    return Integration(**{k: v for k, v in record.items() if k != "hash"})
