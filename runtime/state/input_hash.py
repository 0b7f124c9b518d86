"""Identity of a block, for deduplication: the same one is not run twice on one store.

Covers everything that decides what executing the block does: ids, keys, access, payers, fees,
instructions, the accounts put in place before it, the sysvars, and which of the programs that it
calls are known. Not its costs, which weigh plans only; nor what those programs' code is; nor the
parent state: a block stays the same block wherever it is submitted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from ...primitives import Account, Pubkey
from ...programs.kit.accounts.sysvars import Sysvars
from ..block.block import Block
from .root import GENESIS_ROOT, next_root

NO_HASH: Final = bytes(32)  # of a block that nobody will ask for
_DOMAIN: Final = b"sealane block 2\n"


def hash_input(
    block: Block, placed: Mapping[Pubkey, Account], sysvars: Sysvars, programs: Iterable[Pubkey]
) -> bytes:
    """32 bytes: SHA-256 over names, types, shapes and bytes of every column, and over what else
    the block is executed with; `programs` are those that it calls and that are known."""
    digest = hashlib.sha256(_DOMAIN)
    for name, column in sorted(block.columns().items()):
        digest.update(f"{name} {column.dtype.str} {column.shape}\n".encode())
        digest.update(np.ascontiguousarray(column).data)
    digest.update(np.fromiter(map(len, block.ids), np.int64, len(block)).data)
    digest.update("".join(block.ids).encode("utf-8", "surrogatepass"))
    digest.update(next_root(GENESIS_ROOT, placed))
    # Their text says more than the accounts made from them, such as `Rent.enforced`.
    digest.update(f"{sysvars!r}\n".encode())
    digest.update(b"".join(sorted(programs)))
    return digest.digest()
