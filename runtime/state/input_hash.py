"""Identity of a block, for deduplication: a store does not run the same block twice.

Covers all inputs that determine the effects of the block: ids, keys, access, payers, fees,
instructions, the accounts placed before it, the sysvars, and which of the programs that it calls
are known. Does not cover: its costs, which only affect plans; the code of those programs; the
parent state, as a block is the same block wherever it is submitted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from ...primitives import Account, Pubkey
from ...programs.kit.accounts.sysvars import Sysvars
from ..block.block import Block
from ..commitments.history import hash_accounts

NO_HASH: Final = bytes(32)  # of a block that will not be looked up
_DOMAIN: Final = b"sealane block 2\n"


def hash_input(
    block: Block, placed: Mapping[Pubkey, Account], sysvars: Sysvars, programs: Iterable[Pubkey]
) -> bytes:
    """32 bytes: SHA-256 over name, dtype, shape and bytes of every column, and over the other
    inputs of the block. `programs`: those that it calls and that are known."""
    digest = hashlib.sha256(_DOMAIN)
    for name, column in sorted(block.columns().items()):
        digest.update(f"{name} {column.dtype.str} {column.shape}\n".encode())
        digest.update(np.ascontiguousarray(column).data)
    digest.update(np.fromiter(map(len, block.ids), np.int64, len(block)).data)
    digest.update("".join(block.ids).encode("utf-8", "surrogatepass"))
    digest.update(hash_accounts(placed))
    # Their repr includes what the accounts made from them lack, such as `Rent.enforced`.
    digest.update(f"{sysvars!r}\n".encode())
    digest.update(b"".join(sorted(programs)))
    return digest.digest()
