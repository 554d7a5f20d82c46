"""What the folder of a cluster remembers, because it outlives the processes."""

import json
from dataclasses import asdict, dataclass, field

from mistake import Mistake

DATABASES = 2


@dataclass
class State:
    offset: int = 0
    primary: int = 1  # the number of the MariaDB server that takes writes
    databases: list[int] = field(default_factory=lambda: list(range(1, DATABASES + 1)))

    @classmethod
    def of(cls, folder, offset):
        """Mistake: the cluster there has its ports elsewhere than at `offset`, if that is not None."""
        file = folder / "state.json"
        state = cls(**json.loads(file.read_text())) if file.exists() else cls(offset=offset or 0)
        if offset is not None and offset != state.offset:
            raise Mistake(f"the cluster in {folder} has its ports moved by {state.offset}, not by {offset}")
        return state

    def save(self, folder):
        part = folder / "state.json.new"
        part.write_text(json.dumps(asdict(self)))
        part.rename(folder / "state.json")
