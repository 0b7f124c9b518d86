"""The coinbase, whom every transaction pays: who it is, and which of them only pay it.

As an ordinary account it would put all transactions of a block in turn. A payment adds to its
balance without asking what that is, so payments may come in any order.
Does not: see what a transaction reads unless its source says so; code that asks for the coinbase's
balance cannot be told from a payment in a block access list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from .keys import BALANCE, CODE, NONCE, StateKey, StateValue
from .model import EthereumBlock, KnownState, Step, TransactionFacts

# The share of a block's transactions that must have changed an address's balance before it is taken
# for the coinbase, and the share that may have changed its nonce: those that it sent itself. And
# how many transactions it takes to tell.
PAID_MIN: Final = Fraction(9, 10)
SENT_MAX: Final = Fraction(1, 2)
TRANSACTIONS_MIN: Final = 5


def infer_coinbase(steps: Sequence[Step]) -> str | None:
    """The address whose balance nearly every transaction changes; None if it is not exactly one."""
    if len(steps) < TRANSACTIONS_MIN:
        return None
    counts = {BALANCE: Counter[str](), NONCE: Counter[str]()}
    for step in steps:
        for address, part in step.writes:
            if part in counts:
                counts[part][address] += 1
    found = [
        address
        for address, paid in counts[BALANCE].items()
        if paid >= PAID_MIN * len(steps) and counts[NONCE][address] <= SENT_MAX * len(steps)
    ]
    return found[0] if len(found) == 1 else None


def on_coinbase(block: EthereumBlock) -> Iterator[str]:
    """The caveat about who the coinbase is, if there is one."""
    if block.coinbase_is_inferred:
        yield (
            f"no header says who the coinbase is: {block.coinbase} is taken for it, since nearly "
            "every transaction pays it"
        )
    elif block.coinbase is None:
        yield "the coinbase is not known, so payments to it count as writes"


def payments_as_adds(
    steps: Sequence[Step],
    facts: Sequence[TransactionFacts],
    coinbase: str,
    pre: KnownState | None,
) -> list[Step]:
    """The steps, with the coinbase's balance only added to where a transaction only pays it.

    It is written, as any other balance, by a transaction that lowers or reads it, that the coinbase
    sends, that changes anything else of the coinbase, or that calls it while it may have code.
    """
    balance, code = StateKey(coinbase, BALANCE), StateKey(coinbase, CODE)
    held = None if pre is None else pre.get(balance)
    has_no_code = pre is not None and pre.get(code) == b""
    paid: list[Step] = []
    for step, fact in zip(steps, facts, strict=True):
        calls = fact.to == coinbase and not has_no_code
        if fact.sender == coinbase or calls or not _only_pays(step, balance, held):
            paid.append(step)
        else:
            others = {key: value for key, value in step.writes.items() if key != balance}
            paid.append(replace(step, writes=others, adds={balance: step.writes[balance]}))
        held = step.writes.get(balance, held)
        has_no_code = has_no_code and code not in step.writes
    return paid


def _only_pays(step: Step, balance: StateKey, held: StateValue | None) -> bool:
    """Whether a step's own accesses allow that it only adds to the coinbase's balance."""
    if balance not in step.writes or balance in step.reads:
        return False
    if any(key.address == balance.address and key != balance for key in step.writes):
        return False
    after = step.writes[balance]
    return not (isinstance(after, int) and isinstance(held, int) and after < held)
