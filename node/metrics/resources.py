"""Memory, files and store of a node, measured when somebody asks.

Guarantees: asks the system alone, so it may run in any thread while a block executes. What this
system does not tell is None.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NamedTuple

from ...runtime.process.proc import open_file_count, read_proc
from ...runtime.process.process_table import all_processes, descendants

_KIB: Final = 1024
_RUN: Final = "accounts-"
_LOG: Final = "log-"
_SEGMENT: Final = "/sealane-"


class Resources(NamedTuple):
    """`memory`, `workers_memory`, `shared_memory`: resident bytes. `segments`: mappings of shared
    memory in the node's process."""

    memory: int | None
    workers_memory: int | None
    shared_memory: int | None
    open_files: int | None
    segments: int | None


class StoreSize(NamedTuple):
    """Files of a store, and bytes in them."""

    files: int
    size: int
    runs: int
    log_size: int


def measure_resources(pid: int | None = None) -> Resources:
    """What a node's process has (default: this one)."""
    node = os.getpid() if pid is None else pid
    workers = descendants([node], all_processes())
    sizes = [size for worker in workers if (size := _status(worker, "VmRSS")) is not None]
    memory = _status(node, "VmRSS")
    maps = read_proc(node, "maps")
    return Resources(
        memory=memory,
        workers_memory=None if memory is None else sum(sizes),
        shared_memory=_status(node, "RssShmem"),
        open_files=open_file_count(node),
        segments=None if maps is None else maps.count(_SEGMENT),
    )


def measure_store(folder: Path) -> StoreSize | None:
    """The files in a store's folder, but for those that are removed meanwhile. None if there is no
    such folder, as before a node has made it."""
    sizes: dict[str, int] = {}
    try:
        names = os.listdir(folder)
    except OSError:
        return None
    for name in names:
        try:
            sizes[name] = (folder / name).lstat().st_size
        except FileNotFoundError:
            continue  # merged into another one
    return StoreSize(
        files=len(sizes),
        size=sum(sizes.values()),
        runs=sum(name.startswith(_RUN) for name in sizes),
        log_size=sum(size for name, size in sizes.items() if name.startswith(_LOG)),
    )


def _status(pid: int, name: str) -> int | None:
    """A figure of a process's status, in bytes. None if it has ended, or for other systems."""
    for line in (read_proc(pid, "status") or "").splitlines():
        label, _, rest = line.partition(":")
        if label == name:
            return int(rest.split()[0]) * _KIB
    return None
