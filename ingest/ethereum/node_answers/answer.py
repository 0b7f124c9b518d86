"""What one document says about a block, or about some of its transactions.

Every reader of this folder gives an Answer; `joined.py` makes one block of several. What a document
does not say is None. Guarantees: places in errors are those of the document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ..keys import BALANCE, NONCE, StateKey, StateValue
from ..model import BlockSource, KnownState, TransactionFacts

Values = Mapping[StateKey, "StateValue | None"]

TRANSACTIONS_MAX: Final = 100_000  # a block of 36 million gas has room for 1,700


@dataclass(frozen=True, slots=True)
class Told:
    """What a document says about one transaction.

    `reads`: all that it read, with the values found; None if the document does not say. `writes`:
    all that it wrote, with the values afterwards; likewise. `certain_reads` and `certain_writes`:
    what it reads and writes in any case, if nobody says more. `hints`: what it may access.
    """

    facts: TransactionFacts = field(default_factory=TransactionFacts)
    reads: Values | None = None
    writes: Values | None = None
    certain_reads: Values = field(default_factory=dict[StateKey, "StateValue | None"])
    certain_writes: Values = field(default_factory=dict[StateKey, "StateValue | None"])
    hints: Sequence[StateKey] = ()


class Caveat(NamedTuple):
    """What a document does not say. `settled_by`: the kind of document that says it, if one does.

    Of prestateTracer's answers, only those of the plain mode do.
    """

    text: str
    settled_by: BlockSource | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one document says: of the block, and of its transactions.

    `source`: what kind of document it is, as people call it, and `kind`, as the model does; None
    for one that is only read beside others. `transactions`: in block order, or None if the document
    has none of them. `is_whole`: whether these are all of the block. `list_hash`: of its access
    list, as the header has it. `pre`: values before the block. `caveats`: what it does not say.
    """

    source: str
    kind: BlockSource | None
    transactions: Sequence[Told] | None = None
    is_whole: bool = True
    number: int | None = None
    hash: str | None = None
    coinbase: str | None = None
    gas_limit: int | None = None
    list_hash: str | None = None
    pre: KnownState | None = None
    caveats: tuple[Caveat, ...] = ()


def certain_writes(facts: TransactionFacts) -> dict[StateKey, StateValue | None]:
    """What every transaction writes: its sender's nonce and balance. Nothing, if nobody says who
    that is."""
    if facts.sender is None:
        return {}
    return dict.fromkeys(StateKey(facts.sender, part) for part in (NONCE, BALANCE))


def transaction_place(position: int, own_hash: object = None) -> str:
    """How errors name a transaction: by position, and hash where there is one."""
    name = f"transaction {position}"
    return f"{name} ({own_hash})" if isinstance(own_hash, str) and len(own_hash) == 66 else name
