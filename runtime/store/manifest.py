"""The manifest: the files that make up the store, and the checksums that protect them.

    sealane-store 3
    {"store": …, "height": …, "root": …, "accounts": …, "log": …, "runs": […], …}
    blake2b 64 hex digits, over the lines before

It is replaced atomically, which at the same moment switches to new runs and a new log. The first
and last lines have the same form in every version, to distinguish another version from damage.
`store` is random and never changes. Every log has a random `log_id`, so that a log of another
store, or of a copy that has diverged, is not mistaken for ours.
A checksum does not show who wrote the manifest: every field is checked before it is used.

Version 4 is version 3 for stores whose root is not of the kind "history". It has two fields more,
`root_kind` and `commitment`, and every log entry ends with what a commitment keeps. Stores with a
"history" root stay at version 3, so that earlier releases can open them.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from ...primitives import StoreCorrupt, StoreFormatError
from ..commitments.kinds import ROOT_KINDS, USUAL_KIND
from .file_system import FileSystem, kind_of, open_part, read_from, sync_names, write_whole
from .history import HistoryEntry
from .log import ID_LEN, LogIdentity
from .sorted_run import CHUNK_PLACE_LEN, DIGEST_LEN, RunEntry

MANIFEST_NAME: Final = "manifest"
MANIFEST_LEN_MAX: Final = 1024 * 1024  # some 5,000 runs, whose number grows logarithmically
FORMAT: Final = "sealane-store 3"
FORMAT_WITH_KIND: Final = "sealane-store 4"
SUPPORTED: Final = "sealane-store 3 and 4"
_SHOWN_LEN_MAX: Final = 60
_ROOT_LEN: Final = 32
_NUMBER_MAX: Final = 2**63 - 1
_CHECKSUM_MAX: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of a manifest. `height`, `root`, `account_count`: at the start of the log.

    `root_kind`: the kind of the state root; `commitment`: what the commitment to the state at the
    start of the log keeps on the disk. `next_file`: the number of the next file to create. Runs are
    oldest first.
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
    root_kind: str
    commitment: bytes

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
        form = FORMAT
        if self.root_kind != USUAL_KIND:
            form = FORMAT_WITH_KIND
            fields |= {"root_kind": self.root_kind, "commitment": self.commitment.hex()}
        text = f"{form}\n{json.dumps(fields)}\n".encode()
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
            raise StoreFormatError(str(folder), f"{kind} called {MANIFEST_NAME}", SUPPORTED)
        raw = _content(files, path)
        text = raw[: raw.rfind(b"\n", 0, -1) + 1]
        first, _, rest = text.partition(b"\n")
        sealed = raw == text + _seal(text)
        # The checksum first: damage to the first line must not look like another version.
        known = first in (FORMAT.encode(), FORMAT_WITH_KIND.encode())
        if not known and (sealed or not ours):
            raise StoreFormatError(str(folder), _shown(first), SUPPORTED)
        if not sealed:
            raise StoreCorrupt(str(path), "it does not match its checksum")
        try:
            return _manifest(json.loads(rest), with_kind=first == FORMAT_WITH_KIND.encode())
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


def _manifest(value: object, *, with_kind: bool) -> Manifest:
    names = "store height root accounts log log_id next_file runs history"
    fields = _fields(value, "the manifest", f"{names} root_kind commitment" if with_kind else names)
    kind = _root_kind(fields) if with_kind else USUAL_KIND
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
        root_kind=kind,
        commitment=_hex(fields, "commitment", ROOT_KINDS[kind].STORED_LEN) if with_kind else b"",
    )
    if len({run.file for run in manifest.runs}) != len(manifest.runs):
        raise ValueError("two runs are one file")
    if manifest.history.blocks != manifest.height:
        raise ValueError(f"history has {manifest.history.blocks:,} of {manifest.height:,} blocks")
    return manifest


def _root_kind(fields: dict[str, Any]) -> str:
    name = fields["root_kind"]
    if type(name) is not str or name not in ROOT_KINDS or name == USUAL_KIND:
        raise ValueError(f"root_kind is {_told(name)}")
    return name


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
