"""Which MariaDB server is the primary, and what is said of the way there."""

import time
from types import SimpleNamespace

import pytest

from succession import Succession
from topology import Mistake

VERBS = pytest.mark.parametrize("verb", ["switch", "promote"])


@VERBS
def test_who_is_the_primary_already_is_told_so(cluster, told, verb):
    primary = cluster.primary
    name, position = primary.process().name, primary.status()["gtid"]
    getattr(cluster, verb)(name)
    assert told == [f"{name} is the primary already"]
    assert primary.status()["gtid"] == position


@VERBS
def test_a_primary_that_takes_no_writes_is_told_what_makes_it_take_them(cluster, verb):
    primary = cluster.primary
    name = primary.process().name
    primary.refuse_writes()
    try:
        with pytest.raises(Mistake, match=f"{name} is the primary already, but takes no writes; `start {name}` makes it"):
            getattr(cluster, verb)(name)
    finally:
        primary.lead()


def test_progress_never_passes_its_goal():
    """The goal is reached after the last look at whether it is, and before the next line is printed."""
    lines = []
    over = time.monotonic() + 1.5
    succession = Succession(SimpleNamespace(say=lines.append))
    succession.tell_progress(lambda: time.monotonic() > over, lambda: 351, 350, "mariadb-2 has applied")
    assert lines == []
