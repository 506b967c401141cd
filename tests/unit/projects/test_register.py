import re
from typing import Any

import pytest

from footfall.clock import FixedClock
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.projects.module import CORE_MODULES, MODULE_NAMES
from footfall.projects.project import Project
from footfall.projects.register import Projects
from tests.unit.projects.fake_records import FakeRecords

NOW = 1_763_700_000_000_000


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def records() -> FakeRecords:
    return FakeRecords()


@pytest.fixture
def projects(records: FakeRecords, clock: FixedClock) -> Projects:
    made = Projects(records, clock)
    made.setup()
    return made


@pytest.fixture
def shop(projects: Projects) -> Project:
    return projects.create("My Shop", "shop.example")


def test_the_default_project_exists_from_the_first_start_once(
    projects: Projects, records: FakeRecords, clock: FixedClock
) -> None:
    again = Projects(records, clock)
    again.setup()
    assert [(p.name, p.slug) for p in again.list_projects()] == [("default", "default")]
    assert again.find("default").number == projects.find("default").number


def test_loses_the_race_for_the_default_project_quietly(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = FakeRecords()
    first, second = Projects(records, clock), Projects(records, clock)
    add = second._add

    def add_late(*arguments: Any) -> Project:
        first.setup()
        return add(*arguments)

    monkeypatch.setattr(second, "_add", add_late)
    second.setup()
    assert len(second.list_projects()) == 1


def test_finds_a_project_by_id_number_slug_and_name(projects: Projects, shop: Project) -> None:
    for reference in (shop.id, shop.id.upper(), str(shop.number), "my-shop", "My Shop"):
        assert projects.find(reference) == shop


def test_says_which_project_is_missing(projects: Projects) -> None:
    with pytest.raises(NotFoundError, match=r"^Project 'nowhere' not found\.$"):
        projects.find("nowhere")


def test_equal_names_get_their_own_slugs(projects: Projects) -> None:
    slugs = [projects.create(name, "a.example").slug for name in ("Äther & Söhne",) * 3]
    assert slugs == ["ather-sohne", "ather-sohne-2", "ather-sohne-3"]
    assert projects.create("default", "b.example").slug == "default-2"
    assert projects.create("東京", "c.example").slug == "project"


def test_takes_the_next_slug_when_another_node_was_faster(
    projects: Projects, records: FakeRecords, clock: FixedClock
) -> None:
    other = Projects(records, clock)
    other.setup()
    other.create("News", "a.example")
    assert projects.create("News", "b.example").slug == "news-2"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_refuses_names_nobody_can_read(projects: Projects, name: str) -> None:
    with pytest.raises(InvalidInputError, match="accepted are 1 to 200"):
        projects.create(name, "a.example")


def test_refuses_unknown_time_zones(projects: Projects) -> None:
    with pytest.raises(InvalidInputError, match="unknown time zone 'Mars/Olympus'"):
        projects.create("x", "a.example", time_zone="Mars/Olympus")
    for odd in ("../etc/passwd", "", "/etc"):
        with pytest.raises(InvalidInputError):
            projects.create("x", "a.example", time_zone=odd)


def test_a_key_has_the_documented_form_and_opens_its_project(
    projects: Projects, shop: Project, records: FakeRecords
) -> None:
    key, secret = projects.create_key(shop, "Production")
    assert re.fullmatch(r"pa_live_[A-Za-z0-9_-]{24}", secret)
    assert key.prefix == secret[:12] + "..."
    assert key.scopes == ("ingest",)
    grant = projects.directory.find_grant(secret, NOW)
    assert grant is not None
    assert grant.entry.project == shop
    assert secret not in repr(records.tables)


def test_keys_differ(projects: Projects, shop: Project) -> None:
    assert len({projects.create_key(shop, "k")[1] for _ in range(50)}) == 50


def test_a_revoked_key_stops_at_once_and_leaves_the_list(projects: Projects, shop: Project) -> None:
    key, secret = projects.create_key(shop, "k")
    other, _ = projects.create_key(shop, "other")
    projects.revoke_key(key.id)
    assert projects.directory.find_grant(secret, NOW) is None
    assert [k.id for k in projects.list_keys(shop)] == [other.id]
    with pytest.raises(NotFoundError, match="Key 'key-"):
        projects.revoke_key(key.id)
    projects.reload()
    assert projects.directory.find_grant(secret, NOW) is None


def test_a_key_in_use_follows_every_change_at_once(projects: Projects, shop: Project) -> None:
    directory = projects.directory
    key, secret = projects.create_key(shop, "k")
    for _ in range(2):
        assert directory.find_grant(secret, NOW) is not None
    projects.save_settings(shop.id, {"hosts": ["other.example"]})
    grant = directory.find_grant(secret, NOW)
    assert grant is not None
    assert "other.example" in grant.entry.own_hosts
    projects.revoke_key(key.id)
    assert directory.find_grant(secret, NOW) is None


def test_a_key_in_use_ends_at_its_expiry(projects: Projects, shop: Project) -> None:
    _, secret = projects.create_key(shop, "k", expires_at_us=NOW + 1)
    found = [projects.directory.find_grant(secret, NOW + n) is None for n in (0, 0, 1)]
    assert found == [False, False, True]


def test_revokes_by_the_bare_uuid_too(projects: Projects, shop: Project) -> None:
    key, secret = projects.create_key(shop, "k")
    projects.revoke_key(key.id.removeprefix("key-"), shop)
    assert projects.directory.find_grant(secret, NOW) is None


def test_does_not_revoke_the_key_of_another_project(projects: Projects, shop: Project) -> None:
    key, secret = projects.create_key(shop, "k")
    with pytest.raises(NotFoundError):
        projects.revoke_key(key.id, projects.find("default"))
    assert projects.directory.find_grant(secret, NOW) is not None


def test_a_key_opens_nothing_from_its_expiry_on(projects: Projects, shop: Project) -> None:
    _, secret = projects.create_key(shop, "k", expires_at_us=NOW + 1)
    assert projects.directory.find_grant(secret, NOW) is not None
    assert projects.directory.find_grant(secret, NOW + 1) is None


def test_keys_survive_a_restart(projects: Projects, shop: Project, records: FakeRecords) -> None:
    _, secret = projects.create_key(
        shop, "k", scopes=["query", "ingest"], allowed_modules=["core", "scroll"], expires_at_us=9
    )
    again = Projects(records, FixedClock(1))
    again.setup()
    grant = again.directory.find_grant(secret, 1)
    assert grant is not None
    assert grant.key.scopes == ("ingest", "query")
    assert grant.allowed_modules == {*CORE_MODULES, "scroll_depth"}


def test_an_empty_list_of_modules_means_all(projects: Projects, shop: Project) -> None:
    assert projects.create_key(shop, "k", allowed_modules=[])[0].allowed_modules is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scopes": ["write"]}, "unknown scope 'write'; accepted are ingest, query, admin"),
        ({"scopes": []}, "scopes must not be empty"),
        ({"allowed_modules": ["magic"]}, "unknown module 'magic'"),
    ],
)
def test_refuses_keys_that_mean_nothing(
    projects: Projects, shop: Project, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        projects.create_key(shop, "k", **changes)


def test_the_last_use_is_shown_at_once_and_stored_later(
    projects: Projects, shop: Project, records: FakeRecords
) -> None:
    key, secret = projects.create_key(shop, "k")
    before = records.transactions
    for second in range(5):
        projects.directory.find_grant(secret, NOW + second)
    assert records.transactions == before
    assert projects.list_keys(shop)[0].last_used_at_us == NOW + 4
    projects.save_last_used()
    assert records.find("api_keys", {"id": key.id})[0]["last_used_at_us"] == NOW + 4
    assert projects.list_keys(shop)[0].last_used_at_us == NOW + 4


def test_settings_reach_the_directory_and_the_keys_at_once(
    projects: Projects, shop: Project
) -> None:
    _, secret = projects.create_key(shop, "k")
    settings = {
        "modules": {"webvitals": {"enabled": True, "access": "all"}, "core": {"enabled": False}},
        "hosts": ["Blog.Example:8080"],
        "colour": "green",
    }
    changed = projects.save_settings(shop.id, settings)
    assert '"colour":"green"' in changed.settings
    grant = projects.directory.find_grant(secret, NOW)
    assert grant is not None
    assert "webvitals" in grant.entry.writable_modules
    assert not grant.entry.writable_modules & set(CORE_MODULES)
    assert grant.entry.own_hosts == {
        "shop.example",
        "www.shop.example",
        "blog.example",
        "www.blog.example",
    }


def test_finds_the_oldest_project_of_a_host(projects: Projects, shop: Project) -> None:
    projects.create("Copy", "www.shop.example")
    for host in ("shop.example", "www.shop.example", "SHOP.example:443"):
        entry = projects.directory.find_host(host)
        assert entry is not None
        assert entry.project == shop
    assert projects.directory.find_host("myshop.example") is None


def test_modules_start_as_documented(projects: Projects) -> None:
    modules = projects.directory.entries()[0].settings.modules
    assert tuple(modules) == MODULE_NAMES
    assert len(MODULE_NAMES) == 23
    on = {name for name, state in modules.items() if state.is_enabled}
    extra = {"utm", "goals", "funnels", "retention", "exports", "alerts", "error_tracking"}
    assert on == {*CORE_MODULES, *extra}
    assert {modules[name].access for name in modules if name not in on} == {"read"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"modules": {"magic": {"enabled": True}}}, "unknown module 'magic'"),
        ({"modules": [{"name": "utm", "access": "some"}]}, "accepted are read, write, all"),
        ({"modules": [{"name": "utm", "enabled": "yes"}]}, "accepted are true and false"),
        ({"modules": "all"}, "modules must be a list"),
        ({"modules": [3]}, "modules must be a list"),
        ({"hosts": "a.example"}, "hosts must be a list"),
        ({"hosts": ["a b"]}, "'a b' is no host name"),
        ({"notes": "x" * 70_000}, "accepted are 65536"),
    ],
)
def test_refuses_settings_it_cannot_follow(
    projects: Projects, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        projects.create("x", "a.example", settings=settings)
    assert len(projects.list_projects()) == 1


def test_gives_up_after_many_equal_names(
    projects: Projects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.projects.register.SLUG_ATTEMPTS", 2)
    projects.create("x", "a.example")
    projects.create("x", "a.example")
    with pytest.raises(ConflictError, match="take another name"):
        projects.create("x", "a.example")


def test_an_endless_key_is_none_and_is_not_remembered(projects: Projects, shop: Project) -> None:
    assert projects.directory.find_grant("x" * 129, NOW) is None
