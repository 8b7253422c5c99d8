"""How Alembic reaches the hub's database: through the connection it is handed, within that one's transaction."""

from alembic import context

from sync.hub.store import collation
from sync.hub.store.schema import metadata

db = context.config.attributes["connection"]
context.configure(connection=db, target_metadata=metadata, render_as_batch=db.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
collation.by_code_point(db)
