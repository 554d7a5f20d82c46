"""Where each server of the cluster listens, on loopback. One offset moves them all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ports:
    offset: int = 0

    def nginx(self):
        return 8000 + self.offset

    def gateway_management(self, number):
        """Of gateway 1, 2 …; likewise below."""
        return 8020 + number + self.offset

    def service_management(self, number):
        return 8040 + number + self.offset

    def etcd(self, number):
        return 8100 + number + self.offset

    def etcd_peer(self, number):
        return 8110 + number + self.offset

    def mariadb(self, number):
        return 8200 + number + self.offset

    def mariadb_extra(self, number):
        """For administrators, when all other connections are taken."""
        return 8210 + number + self.offset

    def redis(self, number):
        return 8300 + number + self.offset

    def redis_bus(self, number):
        return 8310 + number + self.offset
