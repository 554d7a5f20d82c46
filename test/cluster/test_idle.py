"""What the services cost MariaDB while nobody uses them. Each of them asks several times a second what others have changed."""

from waiting import wait_until

FIGURES = """
SELECT 'written', @@global.gtid_binlog_pos;
SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_select', 'Rows_read');
"""
# Long tables with nothing new in them. The services give the events their places in the chain first.
LONG_TABLES = """
USE userinfo;
INSERT INTO revoked_session (sid, revoked_at) SELECT UNHEX(MD5(seq)), seq FROM seq_1_to_10000;
INSERT INTO audit_event (occurred_at, type, succeeded, reason, actor, session, address, user_agent, request_id)
SELECT seq, 'log_in', 1, '', '', '', '', '', '' FROM seq_1_to_5000;
"""


def figures(cluster):
    return dict(line.split("\t") for line in cluster.primary.sql(FIGURES).splitlines())


def at_rest(cluster):
    """Rows that the primary read for each question, over a hundred of them, and whether it wrote anything meanwhile."""
    before = figures(cluster)

    def asked_enough():
        now = figures(cluster)
        return now if int(now["Com_select"]) > int(before["Com_select"]) + 100 else None

    after = wait_until(asked_enough, "the services ask")
    rows, questions = (int(after[name]) - int(before[name]) for name in ("Rows_read", "Com_select"))
    return rows / questions, after["written"] != before["written"]


def test_services_at_rest_read_next_to_nothing_and_write_nothing(cluster):
    cluster.primary.sql(LONG_TABLES)
    wait_until(lambda: at_rest(cluster)[0] < 5, "the services read few rows for each question", 60)
    rows, wrote = at_rest(cluster)
    assert rows < 5 and not wrote
