"""Limits a worker's address space, so that an allocation fails before the machine runs out.

A protection against accidents, not a sandbox: a program could raise the limit again.
"""

from __future__ import annotations

import mmap
import resource

from .proc import read_proc


class AddressSpace:
    """The limit of this process's address space: its size when this is created, plus
    `memory_bytes`."""

    def __init__(self, memory_bytes: int) -> None:
        self._allowed = _address_space_bytes() + memory_bytes

    def allow_beside(self, shared_bytes: int) -> None:
        """Set the limit, with room for `shared_bytes` of shared memory."""
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = self._allowed + shared_bytes
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _address_space_bytes() -> int:
    """The bytes that the interpreter and its libraries have mapped; 0 if that is unknown."""
    sizes = read_proc("self", "statm")
    return int(sizes.partition(" ")[0]) * mmap.PAGESIZE if sizes else 0
