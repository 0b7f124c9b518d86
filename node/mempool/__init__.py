"""Transactions that wait for a block: who may wait, in which order, and until when.

    check(tx) ──▶ decoded, signed, priced ──▶ Mempool.admit ──▶ Admitted, or a Refusal
                                                  │
    prepare   ◀── highest_first ◀─────────────────┤
    commit    ──▶ Mempool.committed ──────────────┘──▶ what was dropped, and why

Guarantees: never more transactions or bytes than its limits say; the same calls give the same
answers. Does not: decode, verify signatures, or look at state; its caller tells it what a payer
holds.
"""

from .entry import Entry
from .limits import MempoolLimits
from .mempool import Admitted, Dropped, Mempool
from .refusal import CODESPACE, Refusal, RefusalCode
from .same_calls import digest_of_calls

__all__ = [
    "CODESPACE",
    "Admitted",
    "Dropped",
    "Entry",
    "Mempool",
    "MempoolLimits",
    "Refusal",
    "RefusalCode",
    "digest_of_calls",
]
