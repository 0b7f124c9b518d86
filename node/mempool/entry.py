"""A transaction that waits: what a mempool has to know of it."""

from __future__ import annotations

from typing import NamedTuple

from ...primitives import Pubkey


class Entry(NamedTuple):
    """`message_hash` names it. `calls`: of `digest_of_calls`, by which a replacement is known.

    `priority`: the higher, the earlier in a block; see `sealane.scheduler.packing.priority_of`.
    `fee`: lamports that the payer pays at most. `last_height`: of the last block that may include
    it, where its recent blockhash is still one of the last 150.
    """

    message_hash: bytes
    payer: Pubkey
    calls: bytes
    priority: int
    fee: int
    last_height: int
    raw: bytes
