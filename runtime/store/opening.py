"""Getting at a store's folder: what it is, whether it is ours, whose it is at the moment.

Guarantees: a folder that holds anything but a store of this version is refused before a byte is
written into it. A store that was not finished when its maker died is made anew; one that has
lost its manifest is corrupt. Files that no manifest names are what a killed commit left: removed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from ...primitives import StoreCorrupt, StoreFormatError, StoreUnavailable
from ..root import GENESIS_ROOT
from .file_system import DRAFT_SUFFIX, FileSystem, sync_names, write_whole
from .history import HISTORY_NAME, HistoryEntry
from .lock import LOCK_NAME, StoreLock
from .log import Log
from .manifest import FORMAT, MANIFEST_NAME, Manifest, log_name

_FIRST_LOG: Final = 1
# What may lie in the folder of a store that is being made, before the manifest is.
_EARLY_NAMES: Final = frozenset({LOCK_NAME, HISTORY_NAME, log_name(_FIRST_LOG)})
_NUMBERED_NAME: Final = re.compile(r"(log|accounts)-\d{6,}")


def enter_folder(files: FileSystem, folder: Path, *, create: bool) -> tuple[StoreLock, Manifest]:
    """Take the folder's lock and read its manifest; make an empty store if there is none.

    Raises StoreUnavailable, StoreFormatError, StoreLocked, StoreCorrupt.
    """
    try:
        _make_folder(folder, create=create)
        _manifest(files, folder, create=create)
        lock = StoreLock(folder)
        try:
            return lock, _ready(files, folder, create=create)
        except BaseException:
            lock.release()
            raise
    except OSError as error:
        raise StoreUnavailable(str(folder), f"{_reason(error)}; name another folder") from error


def _make_folder(folder: Path, *, create: bool) -> None:
    if folder.is_dir():
        return
    if folder.exists():
        raise StoreUnavailable(str(folder), "a file stands where the store's folder should be")
    if not create:
        raise StoreUnavailable(str(folder), "there is no such folder; `run --store` makes one")
    if not folder.parent.is_dir():
        raise StoreUnavailable(
            str(folder), f"the folder {folder.parent} is missing; make it, or name another"
        )
    folder.mkdir(exist_ok=True)


def _ready(files: FileSystem, folder: Path, *, create: bool) -> Manifest:
    """The manifest, read under the lock, of a folder without leftovers."""
    manifest = _manifest(files, folder, create=create)
    if manifest is None:
        return _make_store(files, folder)
    named = {run.file for run in manifest.runs} | {log_name(manifest.log)}
    for name in files.names(folder):
        if name.endswith(DRAFT_SUFFIX) or (_NUMBERED_NAME.fullmatch(name) and name not in named):
            files.remove(folder / name)
    return manifest


def _manifest(files: FileSystem, folder: Path, *, create: bool) -> Manifest | None:
    """The manifest; None for a folder in which a store may be made. Writes nothing."""
    path = folder / MANIFEST_NAME
    names = files.names(folder)
    ours = any(_NUMBERED_NAME.fullmatch(name) for name in names)
    if path.is_file():
        return Manifest.read(path, ours=ours)
    leftovers = {name.removesuffix(DRAFT_SUFFIX) for name in names} - {MANIFEST_NAME}
    if leftovers <= _EARLY_NAMES and not _has_entries(files, folder):
        if create:
            return None
        raise StoreUnavailable(str(folder), "there is no store in this folder")
    if ours:
        raise StoreCorrupt(str(path), "the file is missing")
    raise StoreFormatError(str(folder), f"{min(leftovers)} and no manifest", FORMAT)


def _has_entries(files: FileSystem, folder: Path) -> bool:
    path = folder / log_name(_FIRST_LOG)
    if not path.is_file():
        return False
    log = Log(files, path, _FIRST_LOG)
    try:
        return not log.is_new()
    finally:
        log.close()


def _make_store(files: FileSystem, folder: Path) -> Manifest:
    # The manifest comes last: with it, everything else is there.
    write_whole(files, folder / HISTORY_NAME, b"")
    Log.create(files, folder / log_name(_FIRST_LOG), _FIRST_LOG)
    sync_names(files, folder)
    manifest = Manifest(
        height=0,
        root=GENESIS_ROOT,
        account_count=0,
        log=_FIRST_LOG,
        next_file=_FIRST_LOG + 1,
        runs=(),
        history=HistoryEntry(0, 0),
    )
    manifest.write(files, folder)
    sync_names(files, folder.parent)
    return manifest


def _reason(error: OSError) -> str:
    return error.strerror or os.strerror(error.errno or 0)
