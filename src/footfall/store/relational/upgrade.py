"""Records of an older version become those of this one, by Alembic. Imported only when there is
something to do: Alembic and what it brings along take 12 MB that a server would keep."""

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from footfall.errors import StoreError


def run_migrations(connection: Connection) -> None:
    """Bring a database, also an empty one, to the newest version within its open transaction.

    Raises StoreError for a version that is not known here.
    """
    config = Config()
    config.set_main_option("script_location", "footfall.store.relational:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            "The records were written by a newer Footfall; start that version or restore "
            "a backup made by this one."
        ) from error
