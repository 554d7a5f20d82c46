"""What the services cost MariaDB while nobody uses them. Each of them asks several times a second what others have changed."""

import time

import pytest

from load import is_refused
from people import Person
from waiting import wait_until

# SHOW does not count as a question.
FIGURES = """
SHOW GLOBAL VARIABLES LIKE 'gtid_binlog_pos';
SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_select', 'Rows_read');
"""
# Long tables with nothing new in them. The services give the events their places in the chain first.
LONG_TABLES = """
USE userinfo;
INSERT INTO revoked_session (sid, revoked_at) SELECT UNHEX(MD5(seq)), seq FROM seq_1_to_10000;
INSERT INTO audit_event (occurred_at, type, succeeded, reason, actor, session, address, user_agent, request_id)
SELECT seq, 'log_in', 1, '', '', '', '', '', '' FROM seq_1_to_5000;
"""
SECONDS = 3  # that are watched at once


def figures(cluster):
    return dict(line.split("\t") for line in cluster.primary.sql(FIGURES).splitlines()) | {"at": time.monotonic()}


def watch(cluster):
    """Of the primary: the rows that it reads for each question, the questions of a service in a second, and whether it writes."""
    before = figures(cluster)
    wait_until(lambda: time.monotonic() > before["at"] + SECONDS, "time passes")
    after = figures(cluster)
    rows, questions = (int(after[name]) - int(before[name]) for name in ("Rows_read", "Com_select"))
    a_second = questions / (after["at"] - before["at"]) / len(cluster.services)
    return rows / questions, a_second, after["gtid_binlog_pos"] != before["gtid_binlog_pos"]


def is_at_rest(cluster):
    """A service asks twice a second how the server is, and while nothing changes everything else every ten seconds."""
    rows, questions, wrote = watch(cluster)
    return rows < 5 and questions < 3 and not wrote


@pytest.fixture(scope="module")
def person_and_app(cluster, server):
    """Somebody who is logged in. The services have come to rest since."""
    person = Person.registered(server)
    app = person.app(server)
    assert app.get("/api/account").status == 200
    cluster.primary.sql(LONG_TABLES)
    wait_until(lambda: is_at_rest(cluster), "the services ask little, read next to nothing, and write nothing", 60)
    return person, app


def test_services_at_rest_ask_little_read_next_to_nothing_and_write_nothing(cluster, person_and_app):
    assert is_at_rest(cluster)


def test_a_suspension_after_a_rest_holds_when_the_verb_returns(cluster, server, person_and_app):
    person, app = person_and_app
    cluster.run_verb("user", "suspend", person.email)
    assert all(is_refused(server, app.bearer) for _ in range(20))
