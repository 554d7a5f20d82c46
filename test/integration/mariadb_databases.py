"""What MariaDB's administrator sees and does, on the primary that `tools/with_servers mariadb` runs."""

import os
import subprocess

ADMINISTRATOR = ["mariadb", "--no-defaults", "--batch", "--skip-column-names"]


def administer(statement):
    """What MariaDB's administrator is answered, a list of words for each row."""
    client = [*ADMINISTRATOR, f"--socket={os.environ['MARIADB_PRIMARY_SOCKET']}"]
    done = subprocess.run(client, input=statement, capture_output=True, text=True, check=True, timeout=30)
    return [line.split("\t") for line in done.stdout.splitlines()]


def tables_of(database):
    return [name for (name,) in administer(f"SHOW TABLES IN {database}")]


def count_rows(database):
    questions = [f"SELECT '{table}', COUNT(*) FROM {database}.{table};" for table in tables_of(database)]
    return {table: int(count) for table, count in administer("".join(questions))}
