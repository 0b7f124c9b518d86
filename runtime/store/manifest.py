"""The manifest: the files that make up the store, and the checksums that protect them.

    sealane-store 3
    {"store": …, "height": …, "root": …, "accounts": …, "log": …, "runs": […], …}
    blake2b 64 hex digits, over the lines before

It is replaced atomically, which at the same moment switches to new runs and a new log. The first
and last lines have the same form in every version, to distinguish another version from damage.
`store` is random and never changes. Every log has a random `log_id`, so that a log of another
store, or of a copy that has diverged, is not mistaken for ours.
A checksum does not show who wrote the manifest: every field is checked before it is used.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from ...primitives import StoreCorrupt, StoreFormatError
from .file_system import FileSystem, kind_of, open_part, read_from, sync_names, write_whole
from .history import HistoryEntry
from .log import ID_LEN, LogIdentity
from .sorted_run import CHUNK_PLACE_LEN, DIGEST_LEN, RunEntry

MANIFEST_NAME: Final = "manifest"
MANIFEST_LEN_MAX: Final = 1024 * 1024  # some 5,000 runs, whose number grows logarithmically
FORMAT_VERSION: Final = 3
FORMAT: Final = f"sealane-store {FORMAT_VERSION}"
_SHOWN_LEN_MAX: Final = 60
_ROOT_LEN: Final = 32
_NUMBER_MAX: Final = 2**63 - 1
_CHECKSUM_MAX: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of a manifest. `height`, `root`, `account_count`: at the start of the log.

    `next_file`: the number of the next file to create. Runs are oldest first.
    """

    store: bytes
    height: int
    root: bytes
    account_count: int
    log: int
    log_id: bytes
    next_file: int
    runs: tuple[RunEntry, ...]
    history: HistoryEntry

    @property
    def log_identity(self) -> LogIdentity:
        return LogIdentity(self.store, self.log_id, self.log)

    @property
    def file_names(self) -> set[str]:
        """The numbered files that belong to the store."""
        return {run.file for run in self.runs} | {log_name(self.log)}

    def write(self, files: FileSystem, folder: Path) -> None:
        """Replace the manifest by this one. Every file that it names must be on the disk."""
        fields = {
            "store": self.store.hex(),
            "height": self.height,
            "root": self.root.hex(),
            "accounts": self.account_count,
            "log": self.log,
            "log_id": self.log_id.hex(),
            "next_file": self.next_file,
            "runs": [run._asdict() for run in self.runs],
            "history": self.history._asdict(),
        }
        text = f"{FORMAT}\n{json.dumps(fields)}\n".encode()
        write_whole(files, folder / MANIFEST_NAME, text + _seal(text))
        sync_names(files, folder)

    @classmethod
    def read(cls, files: FileSystem, folder: Path, *, ours: bool) -> Manifest:
        """Read the manifest in a folder. `ours`: the folder has other files of a store.

        Raises StoreFormatError for another version or no manifest at all, StoreCorrupt for damage.
        """
        path = folder / MANIFEST_NAME
        kind = kind_of(path)
        if kind is not None and not ours:
            raise StoreFormatError(str(folder), f"{kind} called {MANIFEST_NAME}", FORMAT)
        raw = _content(files, path)
        text = raw[: raw.rfind(b"\n", 0, -1) + 1]
        first, _, rest = text.partition(b"\n")
        sealed = raw == text + _seal(text)
        # The checksum first: damage to the first line must not look like another version.
        if first != FORMAT.encode() and (sealed or not ours):
            raise StoreFormatError(str(folder), _shown(first), FORMAT)
        if not sealed:
            raise StoreCorrupt(str(path), "it does not match its checksum")
        try:
            return _manifest(json.loads(rest))
        except (ValueError, RecursionError) as error:
            what = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
            raise StoreCorrupt(str(path), f"no store writes what it says: {what}") from error


def new_id() -> bytes:
    """Random bytes, unique to a store or log."""
    return os.urandom(ID_LEN)


def log_name(number: int) -> str:
    return f"log-{number:06}"


def run_name(number: int) -> str:
    return f"accounts-{number:06}"


def _content(files: FileSystem, path: Path) -> bytes:
    descriptor = open_part(files, path, writable=False)
    try:
        size = files.size(descriptor)
        if size > MANIFEST_LEN_MAX:
            what = f"{size:,} bytes long, and {MANIFEST_LEN_MAX:,} at most are read"
            raise StoreCorrupt(str(path), what)
        return read_from(files, descriptor, path, size, 0)
    finally:
        files.close(descriptor)


# The functions that read the fields raise ValueError with the reason.


def _manifest(value: object) -> Manifest:
    fields = _fields(
        value,
        "the manifest",
        "store height root accounts log log_id next_file runs history",
    )
    next_file = _number(fields, "next_file")
    history = _fields(fields["history"], "history", "blocks checksum")
    manifest = Manifest(
        store=_hex(fields, "store", ID_LEN),
        height=_number(fields, "height"),
        root=_hex(fields, "root", _ROOT_LEN),
        account_count=_number(fields, "accounts"),
        log=_number(fields, "log", next_file - 1),
        log_id=_hex(fields, "log_id", ID_LEN),
        next_file=next_file,
        runs=tuple(_run(run, next_file) for run in _list(fields, "runs")),
        history=HistoryEntry(
            _number(history, "blocks"), _number(history, "checksum", _CHECKSUM_MAX)
        ),
    )
    if len({run.file for run in manifest.runs}) != len(manifest.runs):
        raise ValueError("two runs are one file")
    if manifest.history.blocks != manifest.height:
        raise ValueError(f"history has {manifest.history.blocks:,} of {manifest.height:,} blocks")
    return manifest


def _run(value: object, next_file: int) -> RunEntry:
    fields = _fields(value, "a run", "file accounts index_offset size index_digest")
    name = fields["file"]
    number = name.removeprefix("accounts-") if type(name) is str else ""
    if not (number.isascii() and number.isdecimal() and len(number) < len(str(_NUMBER_MAX))):
        raise ValueError(f"{_told(name)} is no name of a run")
    # Only in the store's own spelling, so that no file has two names.
    if name != run_name(int(number)) or int(number) >= next_file:
        raise ValueError(f"{_told(name)} is no name of a run that there is")
    size = _number(fields, "size")
    offset = _number(fields, "index_offset", size)
    if (size - offset) % CHUNK_PLACE_LEN:
        raise ValueError(f"the index of {name} has {size - offset:,} bytes")
    _hex(fields, "index_digest", DIGEST_LEN)
    return RunEntry(name, _number(fields, "accounts"), offset, size, fields["index_digest"])


def _fields(value: object, what: str, names: str) -> dict[str, Any]:
    """The JSON object `value`, which must have exactly these keys."""
    wanted = names.split()
    if type(value) is not dict:
        raise ValueError(f"{what} is {_told(value)}")
    fields = cast("dict[str, Any]", value)
    if sorted(fields) != sorted(wanted):
        odd = min(set(fields) ^ set(wanted))
        raise ValueError(f"{what} {'has' if odd in fields else 'lacks'} {_told(odd)}")
    return fields


def _number(fields: dict[str, Any], name: str, most: int = _NUMBER_MAX) -> int:
    value = fields[name]
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{name} is {_told(value)}, and 0 to {most:,} can be")
    return value


def _hex(fields: dict[str, Any], name: str, length: int) -> bytes:
    value = fields[name]
    raw = bytes.fromhex(value) if type(value) is str and len(value) == 2 * length else b""
    if len(raw) != length or raw.hex() != value:
        raise ValueError(f"{name} is {_told(value)}, and not {2 * length} hex digits")
    return raw


def _list(fields: dict[str, Any], name: str) -> list[object]:
    value = fields[name]
    if type(value) is not list:
        raise ValueError(f"{name} is {_told(value)}")
    return cast("list[object]", value)


def _told(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= _SHOWN_LEN_MAX else f"{text[:_SHOWN_LEN_MAX]}…"


def _seal(text: bytes) -> bytes:
    return b"blake2b " + hashlib.blake2b(text, digest_size=32).hexdigest().encode() + b"\n"


def _shown(line: bytes) -> str:
    text = line[:_SHOWN_LEN_MAX].decode("ascii", "replace")
    return text if text.isprintable() else "something else"
