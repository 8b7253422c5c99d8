"""How Alembic reaches the hub's database: through the connection it is handed."""

from alembic import context

from sync.hub.store.schema import metadata

with context.config.attributes["engine"].begin() as db:
    context.configure(connection=db, target_metadata=metadata, render_as_batch=db.dialect.name == "sqlite")
    with context.begin_transaction():
        context.run_migrations()
