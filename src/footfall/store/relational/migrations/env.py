"""Runs migrations inside the transaction that `RelationalRecords.setup` opened."""

from alembic import context

from footfall.store.relational.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()
