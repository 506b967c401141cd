"""The relational store behind the port `store.records`. Driver errors end here: a clash becomes
ConflictError, everything else StoreError, and neither tells a client about our insides."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from footfall.errors import ConfigError, ConflictError, StoreError
from footfall.store.records import AtLeast, AtMost, Between, Contains, OneOf, Record, Where
from footfall.store.relational.schema import METADATA, VERSION

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another one in SQLite: far above any transaction of ours."""

MIGRATION_LOCK = 0x466F_6F74
"""PostgreSQL advisory lock that nodes starting together take before they migrate ("Foot")."""


class RelationalRecords:
    """Keeps records in the database that a URL names: sqlite:///file or postgresql://…"""

    def __init__(self, url: str) -> None:
        self._engine = _make_engine(url)

    def setup(self) -> None:
        """Bring the schema to the newest version. Safe to call again, and from several nodes.

        Raises StoreError when the database is away or of a newer version.
        """
        try:
            with self._engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
                _bring_up_to_date(connection)
        except SQLAlchemyError as error:
            raise StoreError("The records cannot be opened.") from error

    @contextmanager
    def transaction(self) -> Iterator["RelationalTransaction"]:
        """Open a transaction: committed when the block ends, rolled back when it raises."""
        try:
            with self._engine.begin() as connection:
                yield RelationalTransaction(connection)
        except IntegrityError as error:
            raise ConflictError("The change contradicts what is stored.") from error
        except SQLAlchemyError as error:
            raise StoreError("The records cannot be read or written.") from error

    def ping(self) -> bool:
        """Tell whether the database answers."""
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Release connections."""
        self._engine.dispose()


class RelationalTransaction:
    """The verbs inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, table: str, record: Record) -> int:
        """Insert one record and return its number. Raises ConflictError; the transaction
        stays usable, because a clash undoes nothing but the insert."""
        target = METADATA.tables[table]
        with self._translated():
            result = self._connection.execute(target.insert().values(**record))
        key = result.inserted_primary_key
        if key is None:
            raise StoreError(f"{table} gave no number")
        return int(key[0])

    def find(
        self,
        table: str,
        where: Where,
        *,
        order: str = "number",
        limit: int = 10_000,
        offset: int = 0,
    ) -> list[Record]:
        """Return the records that meet `where`; None means NULL."""
        target = METADATA.tables[table]
        column = target.c[order.removeprefix("-")]
        ordered = column.desc() if order.startswith("-") else column.asc()
        statement = (
            target.select()
            .where(*_conditions(target, where))
            .order_by(ordered, target.c.number)
            .limit(limit)
            .offset(offset)
        )
        return [dict(row) for row in self._connection.execute(statement).mappings()]

    def count(self, table: str, where: Where) -> int:
        """Return how many records meet `where`."""
        target = METADATA.tables[table]
        statement = select(func.count()).select_from(target).where(*_conditions(target, where))
        return int(self._connection.execute(statement).scalar_one())

    def tally(
        self, table: str, where: Where, *, by: Sequence[str] = (), sums: Sequence[str] = ()
    ) -> list[Record]:
        """Count the records that meet `where`, for each combination of the columns `by`."""
        target = METADATA.tables[table]
        groups = [target.c[name] for name in by]
        totals = [func.coalesce(func.sum(target.c[name]), 0).label(name) for name in sums]
        statement = (
            select(*groups, func.count().label("count"), *totals)
            .select_from(target)
            .where(*_conditions(target, where))
            .group_by(*groups)
            .order_by(*groups)
        )
        rows = self._connection.execute(statement).mappings()
        # PostgreSQL sums big integers into decimals.
        return [{**row, **{name: int(row[name]) for name in sums}} for row in rows]

    def change(self, table: str, where: Where, values: Record) -> int:
        """Update matching records and return how many. Raises ConflictError."""
        target = METADATA.tables[table]
        statement = target.update().where(*_conditions(target, where)).values(**values)
        with self._translated():
            return self._connection.execute(statement).rowcount

    def remove(self, table: str, where: Where) -> int:
        """Delete matching records and return how many. Raises ConflictError when something
        that must not be lost still refers to one."""
        target = METADATA.tables[table]
        with self._translated():
            return self._connection.execute(
                target.delete().where(*_conditions(target, where))
            ).rowcount

    @contextmanager
    def _translated(self) -> Iterator[None]:
        # PostgreSQL gives up a whole transaction after one error; a savepoint makes both alike.
        try:
            with self._connection.begin_nested():
                yield
        except IntegrityError as error:
            raise ConflictError("A record with this value exists already.") from error


def _bring_up_to_date(connection: Connection) -> None:
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if version == VERSION:
            return
    elif tables.isdisjoint(METADATA.tables):
        METADATA.create_all(connection)
        connection.execute(
            text(
                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
                " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
            )
        )
        connection.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": VERSION})
        return
    from footfall.store.relational.upgrade import run_migrations

    run_migrations(connection)


def _conditions(table: Table, where: Where) -> list[Any]:
    return [_compare(table.c[name], value) for name, value in where.items()]


def _compare(column: Any, value: Any) -> Any:
    if value is None:
        return column.is_(None)
    if isinstance(value, AtMost):
        return column <= value.value
    if isinstance(value, AtLeast):
        return column >= value.value
    if isinstance(value, Contains):
        return column.contains(value.text, autoescape=True)
    if isinstance(value, Between):
        return column.between(value.least, value.most)
    return column.in_(value.values) if isinstance(value, OneOf) else column == value


def _make_engine(address: str) -> Engine:
    try:
        url = make_url(address)
    except ArgumentError:
        # The address may hold a password: it is not quoted.
        raise ConfigError(
            "FOOTFALL_RECORDS_URL is no database URL; write sqlite:///file or "
            "postgresql://user:password@host/database"
        ) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        engine = create_engine(url.set(drivername="sqlite"))
        _prepare_sqlite(engine)
        return engine
    if backend in {"postgresql", "postgres"}:
        try:
            return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise ConfigError(
                "FOOTFALL_RECORDS_URL names PostgreSQL, whose driver is not installed; "
                "install footfall[postgres]"
            ) from error
    raise ConfigError(
        f"FOOTFALL_RECORDS_URL: '{backend}' is not known; accepted are sqlite and postgresql"
    )


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver must not open transactions on its own, or DDL would commit half-way.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_immediately(connection: Connection) -> None:
        # A reader that turns writer midway fails at once when another one wrote: wait in front.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
