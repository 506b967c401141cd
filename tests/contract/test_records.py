"""What every store of records does, whichever database stands behind it."""

import threading
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from footfall.errors import ConfigError, ConflictError, StoreError
from footfall.store.records import AtLeast, AtMost, Between, OneOf
from footfall.store.relational import RelationalRecords
from footfall.store.relational.schema import METADATA, VERSION
from footfall.store.relational.upgrade import run_migrations


def project(slug: str = "site", **changes: Any) -> dict[str, Any]:
    record = {
        "id": f"id-{slug}",
        "name": slug,
        "slug": slug,
        "domain": "example.com",
        "time_zone": "UTC",
        "settings": "{}",
        "created_at_us": 1_763_700_000_123_456,
        "updated_at_us": 1_763_700_000_123_456,
    }
    return record | changes


def key(project_number: int, name: str = "one", **changes: Any) -> dict[str, Any]:
    record = {
        "id": f"key-{name}",
        "project": project_number,
        "name": name,
        "prefix": "pa_live_abcd...",
        "hash": f"hash-{name}",
        "scopes": "ingest",
        "allowed_modules": None,
        "expires_at_us": None,
        "created_at_us": 1,
        "last_used_at_us": None,
        "revoked_at_us": None,
    }
    return record | changes


def test_gives_back_what_was_added(records: RelationalRecords) -> None:
    with records.transaction() as t:
        number = t.add("projects", project())
    with records.transaction() as t:
        assert t.find("projects", {"number": number}) == [project() | {"number": number}]


def test_finds_by_comparison_and_counts(records: RelationalRecords) -> None:
    with records.transaction() as t:
        number = t.add("projects", project())
        for name, used in (("a", None), ("b", 10), ("c", 20), ("d", 30)):
            t.add("api_keys", key(number, name, last_used_at_us=used))
    with records.transaction() as t:

        def names(where: dict[str, Any], **how: Any) -> list[str]:
            return [r["name"] for r in t.find("api_keys", where, **how)]

        assert names({"last_used_at_us": AtMost(20)}) == ["b", "c"]
        assert names({"last_used_at_us": AtLeast(20)}) == ["c", "d"]
        assert names({"last_used_at_us": Between(10, 20)}) == ["b", "c"]
        assert names({"last_used_at_us": Between(11, 19)}) == []
        assert names({"name": OneOf(("a", "d", "x"))}) == ["a", "d"]
        assert names({"name": OneOf(())}) == []
        assert names({}, order="-last_used_at_us", limit=2, offset=1) in (["c", "b"], ["d", "c"])
        assert t.count("api_keys", {"last_used_at_us": AtLeast(10)}) == 3
        assert t.change("api_keys", {"last_used_at_us": AtMost(10)}, {"name": "z"}) == 1
        assert t.remove("api_keys", {"name": OneOf(("z", "c"))}) == 2
        assert t.count("api_keys", {}) == 2


def test_numbers_grow_and_never_come_back(records: RelationalRecords) -> None:
    with records.transaction() as t:
        first = t.add("projects", project("a"))
        second = t.add("projects", project("b"))
        t.remove("projects", {"number": second})
    with records.transaction() as t:
        third = t.add("projects", project("c"))
    assert first < second < third


def test_setting_up_again_changes_nothing(records: RelationalRecords) -> None:
    with records.transaction() as t:
        t.add("projects", project())
    records.setup()
    with records.transaction() as t:
        assert len(t.find("projects", {})) == 1


def test_rolls_back_when_the_block_raises(records: RelationalRecords) -> None:
    def fail_after_adding() -> None:
        with records.transaction() as t:
            t.add("projects", project())
            raise LookupError("stop")

    with pytest.raises(LookupError):
        fail_after_adding()
    with records.transaction() as t:
        assert t.find("projects", {}) == []


def test_a_clash_is_a_conflict_and_leaves_the_transaction_usable(
    records: RelationalRecords,
) -> None:
    with records.transaction() as t:
        t.add("projects", project("a"))
        with pytest.raises(ConflictError):
            t.add("projects", project("a", id="other"))
        t.add("projects", project("b"))
        with pytest.raises(ConflictError):
            t.change("projects", {"slug": "b"}, {"slug": "a"})
    with records.transaction() as t:
        assert [r["slug"] for r in t.find("projects", {})] == ["a", "b"]


def test_a_key_needs_its_project_and_goes_with_it(records: RelationalRecords) -> None:
    with records.transaction() as t:
        with pytest.raises(ConflictError):
            t.add("api_keys", key(99))
        number = t.add("projects", project())
        t.add("api_keys", key(number))
    with records.transaction() as t:
        assert t.remove("projects", {"number": number}) == 1
        assert t.find("api_keys", {}) == []


def test_finds_by_equality_and_null_in_order(records: RelationalRecords) -> None:
    with records.transaction() as t:
        number = t.add("projects", project())
        for name, revoked in (("a", None), ("b", 5), ("c", None)):
            t.add("api_keys", key(number, name, revoked_at_us=revoked))
        found = t.find("api_keys", {"project": number, "revoked_at_us": None}, order="-name")
        assert [r["name"] for r in found] == ["c", "a"]
        assert [r["name"] for r in t.find("api_keys", {}, limit=1)] == ["a"]


def test_changes_and_removes_say_how_many(records: RelationalRecords) -> None:
    with records.transaction() as t:
        t.add("projects", project("a"))
        t.add("projects", project("b"))
        assert t.change("projects", {"domain": "example.com"}, {"name": "new"}) == 2
        assert t.change("projects", {"slug": "none"}, {"name": "x"}) == 0
        assert t.remove("projects", {"slug": "a"}) == 1


def test_keeps_text_of_every_language_and_large_numbers(records: RelationalRecords) -> None:
    with records.transaction() as t:
        t.add("projects", project(name="Süßes 東京 🚀 'quote'", created_at_us=2**62))
        found = t.find("projects", {})[0]
    assert found["name"] == "Süßes 東京 🚀 'quote'"
    assert found["created_at_us"] == 2**62


def test_writers_in_threads_wait_for_each_other(records: RelationalRecords) -> None:
    failures: list[BaseException] = []

    def write(worker: int) -> None:
        try:
            for i in range(10):
                with records.transaction() as t:
                    t.find("projects", {})
                    t.add("projects", project(f"{worker}-{i}"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(w,)) for w in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with records.transaction() as t:
        assert len(t.find("projects", {})) == 40


def test_survives_being_closed_and_opened(records_url: str) -> None:
    first = RelationalRecords(records_url)
    first.setup()
    with first.transaction() as t:
        t.add("projects", project())
    first.close()
    second = RelationalRecords(records_url)
    second.setup()
    with second.transaction() as t:
        assert len(t.find("projects", {})) == 1
    second.close()


def test_several_nodes_set_up_and_share_one_database(records_url: str) -> None:
    stores = [RelationalRecords(records_url) for _ in range(3)]
    for number, store in enumerate(stores):
        store.setup()
        with store.transaction() as t:
            t.add("projects", project(f"node-{number}"))
    for store in stores:
        assert store.ping()
        with store.transaction() as t:
            assert len(t.find("projects", {})) == 3
        store.close()


def test_migrations_lead_to_the_schema(records_url: str) -> None:
    engine = create_engine(records_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        run_migrations(connection)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == VERSION
        migrated = describe(connection)
        connection.rollback()
        with connection.begin():
            METADATA.drop_all(connection)
            connection.execute(text("DROP TABLE alembic_version"))
    store = RelationalRecords(records_url)
    store.setup()
    store.close()
    with engine.connect() as connection:
        assert describe(connection) == migrated
        found = MigrationContext.configure(connection).get_current_revision()
        assert found == VERSION
    engine.dispose()


def test_an_older_database_is_migrated(records_url: str) -> None:
    engine = create_engine(records_url.replace("postgresql:", "postgresql+psycopg:"))
    config = Config()
    config.set_main_option("script_location", "footfall.store.relational:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    store = RelationalRecords(records_url)
    for _ in range(2):
        store.setup()
    store.close()
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == VERSION
        assert set(METADATA.tables) < set(inspect(connection).get_table_names())
    engine.dispose()


def describe(connection: Any) -> dict[str, Any]:
    found = inspect(connection)
    return {
        table: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c["default"])
                for c in found.get_columns(table)
            ],
            "primary key": found.get_pk_constraint(table),
            "unique": sorted(
                (u["name"] or "", tuple(u["column_names"]))
                for u in found.get_unique_constraints(table)
            ),
            "foreign": sorted(
                (f["name"] or "", f["constrained_columns"], f["referred_table"], f["options"])
                for f in found.get_foreign_keys(table)
            ),
            "checks": sorted(
                (c["name"] or "", c["sqltext"]) for c in found.get_check_constraints(table)
            ),
            "indexes": sorted(
                (i["name"] or "", tuple(i["column_names"]), bool(i["unique"]))
                for i in found.get_indexes(table)
            ),
            "numbers never come twice": is_autoincrement(connection, table),
        }
        for table in METADATA.tables
    }


def is_autoincrement(connection: Any, table: str) -> bool:
    if connection.dialect.name != "sqlite":
        return True
    statement = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return "AUTOINCREMENT" in connection.execute(statement, {"name": table}).scalar_one()


def test_every_table_is_numbered() -> None:
    for table in METADATA.tables.values():
        assert [c.name for c in table.primary_key] == ["number"]


def test_refuses_a_schema_from_the_future(records: RelationalRecords, records_url: str) -> None:
    engine = create_engine(records_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="newer Footfall"):
        records.setup()


def test_says_when_the_database_is_away(tmp_path: Path) -> None:
    store = RelationalRecords(f"sqlite:///{tmp_path / 'missing' / 'records.db'}")
    assert not store.ping()
    with pytest.raises(StoreError), store.transaction():
        pass
    with pytest.raises(StoreError):
        store.setup()
    store.close()


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "nonsense"])
def test_refuses_other_databases_without_quoting_the_password(url: str) -> None:
    with pytest.raises(ConfigError, match="sqlite") as caught:
        RelationalRecords(url)
    assert "root" not in str(caught.value)
