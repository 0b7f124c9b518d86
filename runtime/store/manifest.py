"""The manifest: which files make up the store, and what vouches for each.

    sealane-store 2
    {"height": …, "root": …, "accounts": …, "log": …, "runs": […], …}
    blake2b 64 hex digits, over the lines before

It is replaced as a whole, and that is the moment at which runs and log change places. The first
and the last line are the same in every version, so that another version can be told from damage.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ...primitives import StoreCorrupt, StoreFormatError
from .file_system import FileSystem, sync_names, write_whole
from .history import HistoryEntry
from .run import RunEntry

MANIFEST_NAME: Final = "manifest"
FORMAT_VERSION: Final = 2
FORMAT: Final = f"sealane-store {FORMAT_VERSION}"
_SHOWN_LEN_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Manifest:
    """`height`, `root` and `account_count` are those at the start of the log.

    `next_file` numbers the next file to be made. Runs are oldest first.
    """

    height: int
    root: bytes
    account_count: int
    log: int
    next_file: int
    runs: tuple[RunEntry, ...]
    history: HistoryEntry

    def write(self, files: FileSystem, folder: Path) -> None:
        """Put this in the place of the one there is. Everything it names is on the disk."""
        fields = {
            "height": self.height,
            "root": self.root.hex(),
            "accounts": self.account_count,
            "log": self.log,
            "next_file": self.next_file,
            "runs": [run._asdict() for run in self.runs],
            "history": self.history._asdict(),
        }
        text = f"{FORMAT}\n{json.dumps(fields)}\n".encode()
        write_whole(files, folder / MANIFEST_NAME, text + _seal(text))
        sync_names(files, folder)

    @classmethod
    def read(cls, path: Path, *, ours: bool) -> Manifest:
        """The manifest in a file. `ours`: the folder has other files that a store has.

        Raises StoreFormatError for another version or something else, StoreCorrupt for damage.
        """
        raw = path.read_bytes()
        text = raw[: raw.rfind(b"\n", 0, -1) + 1]
        first, _, rest = text.partition(b"\n")
        sealed = raw == text + _seal(text)
        # The seal first: damage to the first line must not look like another version.
        if first != FORMAT.encode() and (sealed or not ours):
            raise StoreFormatError(str(path.parent), _shown(first), FORMAT)
        if not sealed:
            raise StoreCorrupt(str(path), "it does not match its checksum")
        return _manifest(json.loads(rest))


def log_name(number: int) -> str:
    return f"log-{number:06}"


def run_name(number: int) -> str:
    return f"accounts-{number:06}"


def _manifest(fields: dict[str, Any]) -> Manifest:
    return Manifest(
        height=fields["height"],
        root=bytes.fromhex(fields["root"]),
        account_count=fields["accounts"],
        log=fields["log"],
        next_file=fields["next_file"],
        runs=tuple(RunEntry(**run) for run in fields["runs"]),
        history=HistoryEntry(**fields["history"]),
    )


def _seal(text: bytes) -> bytes:
    return b"blake2b " + hashlib.blake2b(text, digest_size=32).hexdigest().encode() + b"\n"


def _shown(line: bytes) -> str:
    text = line[:_SHOWN_LEN_MAX].decode("ascii", "replace")
    return text if text.isprintable() else "something else"
