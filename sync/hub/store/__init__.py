"""The hub's database: SQLite here, PostgreSQL by setting alone."""
