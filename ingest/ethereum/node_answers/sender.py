"""Who sent a transaction, where its accesses prove it: no signature is recovered here."""

from __future__ import annotations

from collections.abc import Mapping

from ..keys import BALANCE, CODE, NONCE, StateKey, StateValue
from ..model import TransactionFacts

Values = Mapping[StateKey, "StateValue | None"]


def sender_by_writes(facts: TransactionFacts, writes: Values) -> str | None:
    """The only account that paid and whose nonce is the transaction's plus 1 afterwards.

    None if there are several: a contract that creates another has its nonce raised, too.
    """
    if facts.nonce is None:
        return None
    found = [
        address
        for address in _with_nonce(writes, facts.nonce + 1)
        if StateKey(address, BALANCE) in writes and StateKey(address, CODE) not in writes
    ]
    return found[0] if len(found) == 1 else None


def sender_by_reads(facts: TransactionFacts, reads: Values) -> str | None:
    """The only account that had the transaction's nonce before it; None if there are several."""
    if facts.nonce is None:
        return None
    found = _with_nonce(reads, facts.nonce)
    return found[0] if len(found) == 1 else None


def _with_nonce(values: Values, nonce: int) -> list[str]:
    return [key.address for key, value in values.items() if key.part == NONCE and value == nonce]
