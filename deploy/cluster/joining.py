"""How a MariaDB server, new or not, becomes a replica with a fresh copy of all that the primary has.

The copy is made first, which may take long and changes nothing. The rest is short and not interrupted. If it fails, the
server has its own data again.
"""

from interruption import undivided
from mistake import Mistake
from servers.process import ServerFailed

MOST_SERVERS = 9


class Joining:
    def __init__(self, cluster):
        self.cluster = cluster

    def join(self, name):
        """Mistake: it cannot be a replica, or the primary does not answer. ServerFailed: it could not be copied, or does not
        follow; it is what it was before."""
        said = self.cluster.ask_databases()
        server, primary = self.server(name), self.cluster.primary
        if said[primary] is None:
            process = primary.process()
            raise Mistake(f"{process.name}, the primary, {process.silence()}: there is nothing to copy")
        self.cluster.require_ports([server.process()])
        exchange = server.exchange
        position = primary.copy_data(exchange.copy)
        ran = server.process().pid() is not None
        with undivided():
            try:
                server.process().stop()
                exchange.begin()
                server.begin_to_follow(primary, position)
                self.cluster.require_following(server)
            except BaseException:
                self.take_back(server, exchange, ran)
                raise
            exchange.finish()
            self.cluster.say(f"{name} follows {primary.process().name} with a copy of its data")
            self.remember(server)

    def server(self, name):
        kind, _, number = name.partition("-")
        if kind != "mariadb" or not number.isdigit() or not 1 <= int(number) <= MOST_SERVERS:
            raise Mistake(f"what can join is mariadb-1 to mariadb-{MOST_SERVERS}")
        if int(number) == self.cluster.primary.number:
            raise Mistake(f"{name} is the primary")
        known = (server for server in self.cluster.databases if server.number == int(number))
        return next(known, None) or self.cluster.database(int(number))

    def take_back(self, server, exchange, ran):
        name = server.process().name
        try:
            server.process().kill()
            exchange.undo()
            if ran:
                server.process("SLAVE").start()
                server.process().wait_ready()
        except ServerFailed as why:
            self.cluster.say(f"{name} could not be started again with its own data: {why}")
            return
        if server.has_data():
            self.cluster.say(f"{name} has its own data again")

    def remember(self, server):
        state = self.cluster.state
        if server.number in state.databases:
            return
        state.databases.append(server.number)
        state.save(self.cluster.folder)
        self.cluster.databases.append(server)
        self.cluster.say("services read from it once they have been started again")
