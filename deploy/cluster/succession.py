"""How a replica of MariaDB becomes the primary of a cluster: in place of one that is well, or of one that is not."""

import time
from concurrent.futures import ThreadPoolExecutor

from mistake import Mistake
from servers.process import ServerFailed, wait_until

STANDSTILL = 10  # seconds: a replica that has not come nearer to its goal for so long does not reach it
MOMENT = 30  # changes: a replica that is no more behind applies them within half a second


class Succession:
    def __init__(self, cluster):
        self.cluster = cluster

    def promote(self, name, force=False):
        """Makes a replica the primary, whether or not the primary is well. Mistake: it is none, or lacks what the primary had
        (unless `force`). ServerFailed: it cannot apply what it has received."""
        chosen = self.replica(name)
        others = [server for server in self.cluster.replicas if server is not chosen and server.status()]
        former = self.cluster.primary if self.cluster.primary.status() else None
        refuses = former is not None and self.refuses_writes(former)
        try:
            if not force:
                self.require_received(chosen, [former] if former else others)
            self.promote_when_applied(chosen)
        except (Mistake, ServerFailed):
            if refuses:
                former.lead()  # it goes on
            raise
        self.cluster.note_primary(chosen)
        for other in (*others, *([former] if refuses else [])):
            other.follow(chosen)

    def replica(self, name):
        """Mistake: there is no such replica, or it does not run."""
        found = next((server for server in self.cluster.replicas if server.process().name == name), None)
        if found is None:
            raise Mistake(f"{name} is no replica of MariaDB")
        if found.status() is None:
            raise Mistake(f"{name} does not run")
        return found

    def refuses_writes(self, server):
        """Whether the primary refuses writes from now on. If its writes hang it does not, but the raised epoch of the next one
        keeps them away from it."""
        try:
            server.refuse_writes()
            return True
        except ServerFailed:
            self.cluster.say(f"{server.process().name} does not finish its writes; start it again once it is well, and it follows")
            return False

    def require_received(self, chosen, rivals):
        """Waits while `chosen` receives what the rivals have. Mistake: it does not get all of it."""
        goal = max((server.received() for server in rivals), default=0)
        if not self.reaches(chosen.received, goal, f"{chosen.process().name} has received"):
            lacks = goal - chosen.received()
            raise Mistake(f"{chosen.process().name} has not received {lacks} changes that others have; --force loses them")

    def promote_when_applied(self, chosen):
        """What a replica has received it applies first, however long that takes. ServerFailed: it cannot."""
        goal = chosen.received()
        with ThreadPoolExecutor(1) as aside:
            promotion = aside.submit(chosen.promote)
            self.tell_progress(promotion.done, chosen.applied, goal, f"{chosen.process().name} has applied")
            promotion.result()

    def reaches(self, place, goal, what):
        """Whether `place()` comes to `goal`. It has as long as it needs, if it does not stand still."""
        best, moved = place(), time.monotonic()

        def is_over():
            nonlocal best, moved
            if (now := place()) > best:
                best, moved = now, time.monotonic()
            return best >= goal or time.monotonic() > moved + STANDSTILL

        self.tell_progress(is_over, place, goal, what)
        return best >= goal

    def tell_progress(self, is_over, place, goal, what):
        """Waits until it is over, and each second says how far it is."""
        while not wait_until(is_over, 1, every=0.02):
            self.cluster.say(f"{what} the changes up to {place()} of {goal}")

    def switch(self, name):
        """A replica becomes the primary in place of one that is well, and writes are away for less than a second. Mistake: one
        of the two is not well, and nothing was changed. ServerFailed: the replica was too slow just then, and the primary goes
        on."""
        chosen, former = self.replica(name), self.cluster.primary
        others = [server for server in self.cluster.replicas if server is not chosen and server.status()]
        if former.status() is None:
            raise Mistake(f"{former.process().name}, the primary, does not run; `promote` does not need it")
        self.catch_up(chosen, former)
        try:
            position = former.refuse_writes()
            chosen.leave_primary(position)
        except ServerFailed:
            former.lead()
            raise
        # The former one follows before there are writes, which would wait a second for a replica otherwise.
        former.follow(chosen)
        chosen.take_over()
        self.cluster.note_primary(chosen)
        for other in others:
            other.follow(chosen)

    def catch_up(self, chosen, former):
        """Waits until `chosen` is hardly behind `former`. Mistake: it does not follow, or stands still."""
        name = chosen.process().name
        status = chosen.status() or {}
        if not all(status.get(thread) == "Yes" for thread in ("Slave_IO_Running", "Slave_SQL_Running")):
            raise Mistake(f"{name} does not follow the primary: {status.get('Last_Error') or 'its replication is stopped'}")
        while (goal := former.applied()) - chosen.applied() > MOMENT:
            if not self.reaches(chosen.applied, goal, f"{name} has applied"):
                raise Mistake(f"{name} has stood still at change {chosen.applied()} of {goal} for {STANDSTILL} s")
