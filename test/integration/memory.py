"""The memory of a running process, as root sees it."""

import os
import re
from dataclasses import dataclass

PIECE = 16 * 1024 * 1024
CONTEXT = 40  # bytes around what was found
REGION = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+ *(.*)")


@dataclass(frozen=True)
class Finding:
    name: str
    place: str
    around: bytes


def is_readable(process):
    """Whether this process may look into the memory of `process`."""
    try:
        with open(f"/proc/{process.pid}/mem", "rb"):
            return True
    except PermissionError:
        return False


def find(process, words):
    """Where in its memory one of `words` (name: bytes) is, those in the program's files aside."""
    findings = []
    with open(f"/proc/{process.pid}/mem", "rb", buffering=0) as memory:
        for begin, end, place in regions(process):
            overlap = b""
            for address in range(begin, end, PIECE):
                try:
                    bytes_read = os.pread(memory.fileno(), min(PIECE, end - address), address)
                except OSError:  # it has been given back since
                    break
                piece = overlap + bytes_read
                findings += search(piece, words, f"{place} at {address:x}")
                overlap = piece[-max(map(len, words.values())) + 1 :]
    return findings


def search(piece, words, place):
    for name, word in words.items():
        if (at := piece.find(word)) >= 0:
            yield Finding(name, place, piece[max(0, at - CONTEXT) : at + len(word) + CONTEXT])


def regions(process):
    """Begin, end and name of what it may have written to."""
    with open(f"/proc/{process.pid}/maps", encoding="utf-8") as maps:
        for line in maps:
            begin, end, rights, place = REGION.fullmatch(line.rstrip("\n")).groups()
            is_writable = rights.startswith("rw") or (rights.startswith("r") and not place)
            if is_writable and place not in ("[vvar]", "[vsyscall]"):
                yield int(begin, 16), int(end, 16), place or "anonymous"
