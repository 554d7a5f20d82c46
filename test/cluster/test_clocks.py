"""A service whose clock differs from the others' says so."""

from contextlib import contextmanager

from faults import times_told
from waiting import wait_until

OFFSET = "userinfo_clock_offset_seconds"
DIFFERS = "this machine's clock differs from the database's"
AGREES = "this machine's clock agrees with the database's again"


@contextmanager
def database_clock_moved(cluster, seconds):
    """For connections that begin meanwhile; theirs stands still."""
    primary = cluster.primary
    primary.sql(f"SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() + {seconds}';")
    try:
        yield
    finally:
        primary.sql("SET GLOBAL init_connect = '';")


def drop_connections(cluster):
    cluster.primary.sql("KILL HARD USER app@'127.0.0.1';")


def offsets(cluster):
    return [service.metrics()[OFFSET] for service in cluster.services]


def test_a_clock_that_differs_from_the_databases_is_seen_in_both_directions(cluster):
    wait_until(lambda: all(abs(offset) < 1 for offset in offsets(cluster)), "the clocks are one")
    assert times_told(cluster, DIFFERS) == [0, 0]
    for ahead in (45, -45):
        with database_clock_moved(cluster, ahead):
            drop_connections(cluster)
            # The database's clock stands still from then on.
            wait_until(lambda: all(35 < offset * (-1 if ahead > 0 else 1) < 60 for offset in offsets(cluster)), "both see it")
        drop_connections(cluster)
        wait_until(lambda: all(abs(offset) < 1 for offset in offsets(cluster)), "the clocks are one again")
    wait_until(lambda: times_told(cluster, AGREES) == [2, 2], "both say that it is over")
    assert times_told(cluster, DIFFERS) == [1, 1]  # and not again within ten minutes
