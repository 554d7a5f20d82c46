"""How a replica of MariaDB becomes the primary of a cluster: in place of one that is well, or of one that is not.

Whatever fails or interrupts it, one server takes writes afterwards if one did before. The long waits come first, and change
nothing. The rest is short, is not interrupted, and is taken back if it fails before the replica has raised its epoch.
"""

import time
from contextlib import contextmanager

from interruption import undivided
from mistake import Mistake
from servers.leadership import epoch_of, follows, is_writable
from servers.mariadb import statuses
from servers.process import ServerFailed, wait_until

STANDSTILL = 10  # seconds: a replica that has not come nearer to its goal for so long does not reach it
MOMENT = 30  # changes: a replica that is no more behind applies them within half a second


class Succession:
    def __init__(self, cluster):
        self.cluster = cluster

    def promote(self, name, force=False):
        """Makes a replica the primary, whether or not the primary is well. Does nothing if it is the primary, and takes writes.
        Mistake: it is no replica, or lacks what the primary had (unless `force`). ServerFailed: it cannot apply what it has
        received, or was too slow while the primary refused writes; the primary goes on."""
        said = self.cluster.ask_databases()
        if self.leads_already(name, said):
            return
        chosen, former = self.replica(name, said), self.cluster.primary
        others = self.others(chosen, said)
        answers = said[former] is not None
        if not follows(said[chosen]):
            self.finish_promotion(chosen, said, force)
            return
        rivals = [] if force else [former] if answers else others
        with self.told_who_leads(chosen):
            self.require_received(chosen, rivals)
            self.require_applied(chosen)
            with undivided():
                with self.taken_back_if_it_fails(chosen, former):
                    position = self.refused_at(former) if answers else None
                    self.require_received(chosen, rivals)
                    if position is None:
                        chosen.promote()
                        self.cluster.note_primary(chosen)
                    else:
                        self.replace(former, chosen, chosen.received_position() if force else position)
                self.let_follow(others, chosen)
        self.cluster.say(f"{name} is the primary now, and takes writes")

    def finish_promotion(self, chosen, said, force):
        """Of a server that has left its primary, by a command that was killed then. Mistake: another server leads, or has more."""
        name = chosen.process().name
        rivals = [server for server, status in said.items() if server is not chosen and status]
        if any(is_writable(said[server]) or epoch_of(said[server]) > epoch_of(said[chosen]) for server in rivals):
            raise Mistake(f"{name} follows no server; `start {name}` lets it follow the primary")
        self.require_received(chosen, [] if force else rivals)
        with undivided():
            chosen.take_over()
            self.cluster.note_primary(chosen)
            self.let_follow(rivals, chosen)
        self.cluster.say(f"{name} is the primary now, and takes writes")

    def switch(self, name):
        """A replica becomes the primary in place of one that is well, and writes fail for less than a second. Does nothing
        if it is the primary, and takes writes. Mistake: one of the two is not well, and nothing was changed. ServerFailed: the
        replica was too slow just then, and the primary goes on."""
        said = self.cluster.ask_databases()
        if self.leads_already(name, said):
            return
        chosen, former = self.replica(name, said), self.cluster.primary
        others = self.others(chosen, said)
        if said[former] is None:
            why = former.process().silence()
            raise Mistake(f"{former.process().name}, the primary, {why}; `promote` does not need it")
        with self.told_who_leads(chosen):
            self.catch_up(chosen, former)
            with undivided():
                with self.taken_back_if_it_fails(chosen, former):
                    self.replace(former, chosen, former.refuse_writes())
                self.let_follow(others, chosen)
        self.cluster.say(f"{name} is the primary now, in place of {former.process().name}")

    def replace(self, former, chosen, position):
        """`chosen` takes the place of a primary that refuses writes, once it has applied the changes up to `position`."""
        chosen.leave_primary(position)
        # The former one follows before there are writes, which would wait a second for a replica otherwise.
        self.let_follow([former], chosen)
        chosen.take_over()
        self.cluster.note_primary(chosen)

    # What is left after a failure

    @contextmanager
    def told_who_leads(self, chosen):
        """If the block fails or is interrupted, it is said which server takes writes, or what makes one take them."""
        try:
            yield
        except BaseException:
            with undivided():
                self.tell_who_leads(chosen)
            raise

    def tell_who_leads(self, chosen):
        said = statuses(self.cluster.databases)
        leaders = [server.process().name for server, status in said.items() if is_writable(status)]
        for name in leaders:
            self.cluster.say(f"{name} takes writes")
        if leaders:
            return
        primary = self.cluster.primary
        commands = [f"`start {primary.process().name}`"]
        if chosen is not primary and said[chosen] and follows(said[chosen]):
            commands.append(f"`promote {chosen.process().name}`")
        self.cluster.say(f"no server takes writes; {' or '.join(commands)} makes one take them")

    @contextmanager
    def taken_back_if_it_fails(self, chosen, former):
        """If the block fails, `former` goes on if it answers, and `chosen` follows it still; but if `chosen` has raised its
        epoch already, it leads."""
        epoch = epoch_of(chosen.status())
        try:
            yield
        except BaseException:
            if epoch_of(chosen.status()) > epoch:
                chosen.lead()
                self.cluster.note_primary(chosen)
            else:
                self.take_back(chosen, former)
            raise

    def take_back(self, chosen, former):
        of_chosen, of_former = chosen.status(), former.status()
        if of_former is not None and epoch_of(of_former) >= epoch_of(of_chosen):
            former.lead()
        if of_chosen is not None and not follows(of_chosen):
            self.let_follow([chosen], former)

    # Its steps

    def leads_already(self, name, said):
        """Whether it is the primary, which is then said. Mistake: it is, and takes no writes."""
        primary = self.cluster.primary
        if primary.process().name != name:
            return False
        if said[primary] is None:
            raise Mistake(f"{name} is the primary already, but {primary.process().silence()}")
        if not is_writable(said[primary]):
            raise Mistake(f"{name} is the primary already, but takes no writes; `start {name}` makes it take them")
        self.cluster.say(f"{name} is the primary already")
        return True

    def replica(self, name, said):
        """Mistake: there is no such replica, it does not answer, or its data may be exchanged again at its next start."""
        found = next((server for server in self.cluster.replicas if server.process().name == name), None)
        if found is None:
            raise Mistake(f"{name} is no replica of MariaDB")
        if said[found] is None:
            raise Mistake(f"{name} {found.process().silence()}")
        if found.exchange.is_unfinished():
            raise Mistake(f"{name} runs with a copy whose `join` was not finished; `join {name}` makes a new one")
        return found

    def others(self, chosen, said):
        """The other replicas that answer."""
        return [server for server in self.cluster.replicas if server is not chosen and said[server]]

    def let_follow(self, servers, primary):
        for server in servers:
            try:
                server.follow(primary)
            except ServerFailed as why:
                name = server.process().name
                self.cluster.say(f"{name} does not follow; `start {name}` makes it, once it is well: {why}")

    def refused_at(self, server):
        """The primary refuses writes from now on: the position of its last change. None: its writes hang, and it does not, but
        the raised epoch of the next one keeps them away from it."""
        try:
            return server.refuse_writes()
        except ServerFailed:
            self.cluster.say(f"{server.process().name} does not finish its writes; start it again once it is well, and it follows")
            return None

    def require_received(self, chosen, rivals):
        """Waits while `chosen` receives what the rivals have. Mistake: it does not get all of it."""
        goal = max((server.received() for server in rivals), default=0)
        if not self.reaches(chosen.received, goal, f"{chosen.process().name} has received"):
            lacks = goal - chosen.received()
            raise Mistake(f"{chosen.process().name} has not received {lacks} changes that others have; --force loses them")

    def require_applied(self, chosen):
        """Waits until it has applied what it has received, however long that takes. ServerFailed: it cannot."""
        name = chosen.process().name
        chosen.apply()
        while True:
            goal = chosen.received()
            self.tell_progress(lambda: self.is_settled(chosen, goal), chosen.applied, goal, f"{name} has applied")
            if chosen.applied() < goal:
                why = (chosen.status() or {}).get("Last_SQL_Error") or "its replication has stopped"
                raise ServerFailed(f"{name} cannot apply all that it has received: {why}")
            if chosen.received() - chosen.applied() <= MOMENT:
                return

    def is_settled(self, chosen, goal):
        return chosen.applied() >= goal or not chosen.applies()

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
            now = place()
            if now < goal:  # else it is over
                self.cluster.say(f"{what} the changes up to {now} of {goal}")

    def catch_up(self, chosen, former):
        """Waits until `chosen` is hardly behind `former`. Mistake: it does not follow, or stands still."""
        name = chosen.process().name
        status = chosen.status() or {}
        if not all(status.get(thread) == "Yes" for thread in ("Slave_IO_Running", "Slave_SQL_Running")):
            raise Mistake(f"{name} does not follow the primary: {status.get('Last_Error') or 'its replication is stopped'}")
        while (goal := former.applied()) - chosen.applied() > MOMENT:
            if not self.reaches(chosen.applied, goal, f"{name} has applied"):
                raise Mistake(f"{name} has stood still at change {chosen.applied()} of {goal} for {STANDSTILL} s")
