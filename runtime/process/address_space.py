"""How much address space a worker may use: beyond it an allocation fails, and not the machine.

A guard against accidents, no sandbox: a program could lift the limit again.
"""

from __future__ import annotations

import mmap
import resource

from .proc import read_proc


class AddressSpace:
    """This process's address space: what it took at first, and `memory_bytes` more."""

    def __init__(self, memory_bytes: int) -> None:
        self._allowed = _address_space_bytes() + memory_bytes

    def allow_beside(self, shared_bytes: int) -> None:
        """Limit the address space, leaving room for as much shared memory."""
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = self._allowed + shared_bytes
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _address_space_bytes() -> int:
    """What the interpreter and its libraries have mapped; 0 where that cannot be told."""
    sizes = read_proc("self", "statm")
    return int(sizes.partition(" ")[0]) * mmap.PAGESIZE if sizes else 0
