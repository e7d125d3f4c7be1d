"""Alembic's environment: runs on the connection that ``migrate`` passes; logging stays as the process set it up."""

from alembic import context

from posedeck.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most things in place
    transactional_ddl=True,  # true of SQLite too, as our engine opens its transactions itself
)
with context.begin_transaction():
    context.run_migrations()
