"""Opens a store's folder: checks what it is, and takes its lock.

Guarantees: a folder that holds anything but a store of this version is refused before anything is
written to it. A store that was incomplete when its creator died is created again; one that has
lost its manifest is corrupt. Files that the manifest does not name were left by a killed commit.
They are removed only after all files that it names were opened, so that an old manifest does not
remove newer files; and only regular files whose names only a store uses.
"""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import Final, NamedTuple

from ...primitives import StoreCorrupt, StoreFormatError, StoreUnavailable, UsageError
from ..commitments.commitment import Commitment
from ..commitments.kinds import USUAL_KIND, root_kind_named
from .file_system import DRAFT_SUFFIX, FileSystem, sync_names, write_whole
from .history import HISTORY_NAME, HistoryEntry
from .lock import LOCK_NAME, StoreLock
from .log import Log
from .manifest import MANIFEST_NAME, SUPPORTED, Manifest, log_name, new_id

_log = logging.getLogger(__package__)

_FIRST_LOG: Final = 1
# Files of a store that is being created, before it has a manifest.
_EARLY_NAMES: Final = frozenset({LOCK_NAME, HISTORY_NAME, log_name(_FIRST_LOG)})
_NUMBERED_NAME: Final = re.compile(r"(log|accounts)-[0-9]{6,18}")


class Access(NamedTuple):
    """What the opener of a store may do: `create` it, or `write` to it. `root_kind`: the kind of
    roots that it must have; None: any, and the usual one if it is created."""

    create: bool
    write: bool
    root_kind: str | None = None


def enter_folder(files: FileSystem, folder: Path, access: Access) -> tuple[StoreLock, Manifest]:
    """Take the folder's lock and read its manifest; create an empty store if there is none.

    Raises StoreUnavailable, StoreFormatError, StoreLocked, StoreCorrupt; UsageError if its roots
    are of another kind.
    """
    kind = root_kind_named(access.root_kind or USUAL_KIND)
    empty = kind.of_nothing() if access.create else None
    try:
        _make_folder(folder, create=access.create)
        _manifest(files, folder, create=access.create)
        lock = StoreLock(files, folder, shared=not access.write)
        try:
            manifest = _manifest(files, folder, create=access.create)  # again, now under the lock
            if manifest is None:
                assert empty is not None, "there is no store, and none was to be created"
                return lock, _make_store(files, folder, empty)
            if access.root_kind not in (None, manifest.root_kind):
                raise _other_kind(folder, manifest.root_kind, kind.KIND)
            return lock, manifest
        except BaseException:
            lock.release()
            raise
    except OSError as error:
        raise StoreUnavailable(str(folder), f"{_reason(error)}; name another folder") from error


def _other_kind(folder: Path, found: str, asked: str) -> UsageError:
    return UsageError(
        f"the store {folder} has state roots of kind {found!r}, and {asked!r} was asked for; "
        f"ask for {found!r} or for none, or name another folder"
    )


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


def remove_leftovers(files: FileSystem, folder: Path, manifest: Manifest) -> None:
    """Remove files that a killed commit left. All files of the manifest must have been opened."""
    for name in files.names(folder):
        if _is_leftover(name, manifest) and files.is_regular(folder / name):
            files.remove(folder / name)
            _log.info("removed %s, left by a commit that was killed", folder / name)


def _is_leftover(name: str, manifest: Manifest) -> bool:
    """Whether this is a name that only a store uses, but not one of its current files."""
    stem = name.removesuffix(DRAFT_SUFFIX)
    numbered = _NUMBERED_NAME.fullmatch(stem) is not None
    if stem != name:
        return numbered or stem in (MANIFEST_NAME, HISTORY_NAME)
    return numbered and name not in manifest.file_names


def _manifest(files: FileSystem, folder: Path, *, create: bool) -> Manifest | None:
    """The manifest; None for a folder in which a store may be created. Writes nothing."""
    path = folder / MANIFEST_NAME
    names = files.names(folder)
    ours = any(_NUMBERED_NAME.fullmatch(name) for name in names)
    if MANIFEST_NAME in names:
        return Manifest.read(files, folder, ours=ours)
    leftovers = {name.removesuffix(DRAFT_SUFFIX) for name in names} - {MANIFEST_NAME}
    if leftovers <= _EARLY_NAMES and not _has_entries(files, folder):
        if create:
            return None
        raise StoreUnavailable(str(folder), "there is no store in this folder")
    if ours:
        raise StoreCorrupt(str(path), "the file is missing")
    raise StoreFormatError(str(folder), f"{min(leftovers)} and no manifest", SUPPORTED)


def _has_entries(files: FileSystem, folder: Path) -> bool:
    path = folder / log_name(_FIRST_LOG)
    return os.path.lexists(path) and not Log.is_new(files, path)


def _make_store(files: FileSystem, folder: Path, commitment: Commitment) -> Manifest:
    store = new_id()
    manifest = Manifest(
        store=store,
        height=0,
        root=commitment.root,
        root_kind=commitment.KIND,
        commitment=commitment.stored,
        account_count=0,
        log=_FIRST_LOG,
        log_id=new_id(),
        next_file=_FIRST_LOG + 1,
        runs=(),
        history=HistoryEntry.empty(store),
    )
    # The manifest comes last: if it exists, so does everything else.
    write_whole(files, folder / HISTORY_NAME, b"")
    Log.create(files, folder / log_name(_FIRST_LOG), manifest.log_identity)
    sync_names(files, folder)
    manifest.write(files, folder)
    sync_names(files, folder.parent)
    _log.info("made a store in %s", folder)
    return manifest


def _reason(error: OSError) -> str:
    return error.strerror or os.strerror(error.errno or 0)
