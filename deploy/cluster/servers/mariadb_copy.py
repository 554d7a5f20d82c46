"""A MariaDB server's own data are exchanged for a copy of another's.

They lie beside the copy until the exchange is finished. One that was not finished, because it failed or its program was
killed, is undone.
"""

import shutil


class Exchange:
    """`folder`: of the server whose data are replaced."""

    def __init__(self, folder):
        self.data = folder / "data"
        self.copy = folder / "data.copy"
        self.former = folder / "data.former"  # empty if it had none. While this exists, the exchange is not finished.
        self.waste = folder / "data.waste"

    def begin(self):
        """`copy` is there whole. The server must be down, as for `undo`."""
        self.undo()
        if self.data.exists():
            self.data.rename(self.former)
        else:
            self.former.mkdir()
        self.copy.rename(self.data)

    def is_unfinished(self):
        return self.former.exists()

    def finish(self):
        """The server keeps the copy."""
        self.throw_away(self.former)

    def undo(self):
        """The server has its own data again, unless the exchange was finished."""
        if not self.is_unfinished():
            return
        self.throw_away(self.data)
        if any(self.former.iterdir()):
            self.former.rename(self.data)
        else:
            self.former.rmdir()

    def throw_away(self, folder):
        """At once: what is half deleted must not be taken for data."""
        shutil.rmtree(self.waste, ignore_errors=True)
        if folder.exists():
            folder.rename(self.waste)
            shutil.rmtree(self.waste)
