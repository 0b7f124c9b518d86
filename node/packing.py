"""Makes a proposal of transactions that wait: what every node accepts, best price first.

Guarantees: no limit is exceeded; all of the proposal can be in one block. Does not: execute.
"""

from __future__ import annotations

from collections.abc import Sequence

from .admission import Admission
from .codes import Refusal
from .limits import BLOCK_LEN_MAX, BLOCK_TRANSACTIONS_MAX, ProposalLimits, carried_len
from .parsed import Parsed, ParsedTransactions


def pack(
    parsed: ParsedTransactions,
    admission: Admission,
    txs: Sequence[bytes],
    limits: ProposalLimits,
) -> list[bytes]:
    """Those of the transactions that are proposed, in the order of the proposal."""
    sound = [each for each in map(parsed.parse, txs) if isinstance(each, Parsed)]
    sound.sort(key=lambda each: -each.price)  # stable: equal prices stay in the order given
    judged = admission.judge([each.raw for each in sound])
    room = min(limits.bytes_max, BLOCK_LEN_MAX)
    places = min(limits.transactions_max, BLOCK_TRANSACTIONS_MAX)
    chosen: list[bytes] = []
    for each in judged:
        if isinstance(each, Refusal):
            continue
        length = carried_len(each.raw)
        if length <= room and len(chosen) < places:
            room -= length
            chosen.append(each.raw)
    return chosen
