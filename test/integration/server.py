"""What the tests start: the program in one process, or, if USERINFO_ROLES is "apart", as a gateway and a service, or, if it is
"cluster", as these behind nginx and on MariaDB and Redis Cluster."""

import os

from standalone import Standalone


def chosen():
    match os.environ.get("USERINFO_ROLES"):
        case None:
            return Standalone
        case "apart":
            from apart import Apart

            return Apart
        case "cluster":
            from clustered import Clustered

            return Clustered
        case other:
            raise ValueError(f"USERINFO_ROLES is {other}, and not apart or cluster")


Server = chosen()
