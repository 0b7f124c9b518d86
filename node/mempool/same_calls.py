"""Whether two transactions mean the same: the same payer, the same calls.

Compute budget instructions and the recent blockhash do not count: they say what is offered for the
calls and until when. To have the same calls twice, a sender tells them apart with a memo.
"""

from __future__ import annotations

from hashlib import sha256

from ...primitives import Instruction, Pubkey, Transaction
from ...primitives.known_keys import COMPUTE_BUDGET_ID


def digest_of_calls(transaction: Transaction) -> bytes:
    """32 bytes, equal for two transactions if they mean the same."""
    digest = sha256(bytes(transaction.payer or Pubkey(bytes(32))))
    for call in transaction.instructions:
        if call.program_id != COMPUTE_BUDGET_ID:
            digest.update(_encoded(call))
    return digest.digest()


def _encoded(call: Instruction) -> bytes:
    """Lengths come before what they measure, so that no two calls are encoded alike."""
    parts = [bytes(call.program_id), len(call.accounts).to_bytes(4, "little")]
    for meta in call.accounts:
        flags = meta.signer | meta.writable << 1 | meta.adds << 2
        parts += [bytes(meta.key), bytes([flags])]
    parts += [len(call.data).to_bytes(4, "little"), call.data]
    return b"".join(parts)
