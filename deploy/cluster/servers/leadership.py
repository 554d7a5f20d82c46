"""Which of several MariaDB servers is the primary.

The cluster's folder remembers it. But another one may have been promoted since by other means, such as the scripts of
deploy/servers, or by a command that was killed before it could note it. Each promotion raises the epoch, so what the servers say
decides, as it does for services: the primary has the highest epoch that any server knows, and follows no other. Replicas get the
epoch from the primary, but they follow it. A former primary follows no other either, but its epoch is older.
"""

from servers.process import ServerFailed


def primary_of(said, remembered):
    """`said`: the status of each server, None for those that do not answer. `remembered`: one of them. None: nobody can tell."""
    highest = max(map(epoch_of, said.values()))
    leaders = [server for server, status in said.items() if status and not follows(status) and epoch_of(status) == highest]
    if remembered in leaders:
        return remembered
    if said[remembered] is None:
        # Its epoch may be the highest of all. So another one is the primary only if it takes writes already.
        leaders = [server for server in leaders if is_writable(said[server])]
        return leaders[0] if len(leaders) == 1 else remembered
    return leaders[0] if len(leaders) == 1 else None


def certain_primary(said, remembered):
    """The same. ServerFailed: nobody can tell."""
    found = primary_of(said, remembered)
    if found is None:
        name, epoch = remembered.process().name, epoch_of(said[remembered])
        raise ServerFailed(
            f"{name} was the primary at epoch {epoch}, but another server has replaced it, and it is not certain which one leads; "
            "start all servers, or `promote` one"
        )
    return found


def epoch_of(status):
    return int((status or {}).get("epoch", 0))


def follows(status):
    """Whether it is a replica of any server, also of one that is away."""
    return bool(status.get("Master_Host"))


def is_writable(status):
    return status is not None and status["read_only"] == "0"
