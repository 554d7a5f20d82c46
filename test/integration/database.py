"""A server's database, seen and changed behind its back."""

import sqlite3
from contextlib import closing


def rows(server):
    """How many rows each table has, of a database that is whole; but for the audit chain, which grows a second later."""
    counts = server.storing.count_rows()
    del counts["audit_chain"]
    return counts


def rows_of_file(file):
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def query(server, statement, *values):
    """The rows of a server's SQLite database."""
    with closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True, timeout=10)) as database:
        return database.execute(statement, values).fetchall()


def change(server, statement, *values):
    with closing(sqlite3.connect(server.database_file, timeout=10)) as database, database:
        database.execute(statement, values)
