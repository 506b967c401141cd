"""Sites, forms and keys of integrations on SQLite and on PostgreSQL."""

import threading

import pytest

from footfall.clock import FixedClock
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.forms import register
from footfall.forms.register import FormChange, FormRegister, SiteChange
from footfall.projects.register import Projects
from footfall.store.relational import RelationalRecords

CONTENT = {"fields": [{"name": "EMAIL", "label": "E-mail", "type": "email"}]}


@pytest.fixture
def project(records: RelationalRecords) -> int:
    projects = Projects(records, FixedClock(1_000_000))
    projects.setup()
    return projects.find("default").number


@pytest.fixture
def forms(records: RelationalRecords, project: int) -> FormRegister:
    made = FormRegister(records, FixedClock(1_000_000))
    made.reload()
    return made


def test_what_one_node_changes_another_sees_when_it_reads_anew(
    records: RelationalRecords, forms: FormRegister, project: int
) -> None:
    other = FormRegister(records, FixedClock(1_000_000))
    other.reload()
    site = forms.create_site(project, site_key="pk_live_a")
    forms.add_domain(site.number, "https://www.Shop.example:8443/cart")
    form = forms.create_form(site.number, "enquiry", CONTENT)
    _, secret = forms.create_integration(project, name="Portal")
    assert other.lookup.find_site("pk_live_a") is None
    other.reload()
    assert other.lookup.is_allowed_host("pk_live_a", "shop.example")
    found = other.lookup.find_form("pk_live_a", "enquiry")
    assert found is not None
    assert (found.project, found.content) == (project, CONTENT)
    assert other.lookup.find_integration(secret) == project
    other.change_form(form.number, FormChange(is_enabled=False))
    forms.reload()
    changed = forms.lookup.find_form("pk_live_a", "enquiry")
    assert changed is not None
    assert not changed.is_enabled


def test_a_change_leaves_the_rest_as_it_was(forms: FormRegister, project: int) -> None:
    site = forms.create_site(project, name="Shop")
    changed = forms.change_site(site.number, SiteChange(records_sessions=True)).site
    assert (changed.name, changed.is_enabled, changed.records_sessions) == ("Shop", True, True)
    form = forms.create_form(site.number, "enquiry", CONTENT, name="Enquiry")
    renamed = forms.change_form(form.number, FormChange(name="Call me"))
    assert (renamed.name, renamed.content) == ("Call me", form.content)


def test_a_site_takes_its_domains_and_forms_along(forms: FormRegister, project: int) -> None:
    site = forms.create_site(project, site_key="pk_live_a")
    forms.add_domain(site.number, "shop.example")
    forms.create_form(site.number, "enquiry", CONTENT)
    forms.remove_site(site.number)
    assert forms.list_sites() == []
    assert forms.list_forms() == []
    assert forms.lookup.find_site("pk_live_a") is None
    assert not forms.lookup.is_known_host("shop.example")
    with pytest.raises(NotFoundError):
        forms.find_site(site.number)


def test_two_at_once_make_one_site_of_a_key(forms: FormRegister, project: int) -> None:
    outcomes: list[str] = []

    def create() -> None:
        try:
            forms.create_site(project, site_key="pk_live_a")
            outcomes.append("made")
        except ConflictError:
            outcomes.append("taken")

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "taken", "taken", "taken"]
    assert len(forms.list_sites()) == 1


def test_refuses_more_than_memory_is_meant_for(
    forms: FormRegister, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "MOST_DOMAINS", 2)
    site = forms.create_site(project)
    forms.add_domain(site.number, "a.example")
    forms.add_domain(site.number, "b.example")
    with pytest.raises(InvalidInputError, match="there are 2 domains already"):
        forms.add_domain(site.number, "c.example")


def test_the_key_of_an_integration_is_not_stored(
    records: RelationalRecords, forms: FormRegister, project: int
) -> None:
    made, secret = forms.create_integration(project)
    with records.transaction() as t:
        [row] = t.find("integrations", {})
    assert secret not in str(dict(row))
    assert secret.startswith(made.prefix)
    assert len(secret) - len(made.prefix) > 24
