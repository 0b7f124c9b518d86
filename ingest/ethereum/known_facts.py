"""What else is known of a block, held against what its transactions are said to write.

A transaction raises its sender's nonce by one, and a withdrawal pays exactly its amount: wrong
values of either show without running any code. Wrong balances after fees, or wrong slots, do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .keys import BALANCE, CODE, NONCE, StateKey, StateValue
from .model import EthereumBlock, Step, TransactionFacts


class Contradiction(NamedTuple):
    """A value that cannot be. `position`: of the transaction, None after the last one.

    `found`: what the step writes; None if it does not write the key.
    """

    position: int | None
    key: StateKey
    found: StateValue | None
    expected: StateValue


def contradictions(block: EthereumBlock) -> list[Contradiction]:
    """Values that contradict the transactions or the withdrawals, in block order."""
    return [*_wrong_nonces(block), *_wrong_payments(block)]


def _wrong_nonces(block: EthereumBlock) -> Iterator[Contradiction]:
    if not block.writes_known:
        return
    has_code = {key.address for key in block.before.writes if key.part == CODE}
    for position, (step, facts) in enumerate(zip(block.steps, block.facts, strict=True)):
        has_code |= {key.address for key in step.writes if key.part == CODE}
        if facts.sender is None or facts.nonce is None:
            continue
        key, least = StateKey(facts.sender, NONCE), facts.nonce + 1
        found = step.writes.get(key)
        if key in step.writes and found is None:
            continue
        may_raise_more = facts.sender in has_code or not _is_plain(block, facts)
        if not isinstance(found, int) or found < least or (found > least and not may_raise_more):
            yield Contradiction(position, key, found, least)


def _is_plain(block: EthereumBlock, facts: TransactionFacts) -> bool:
    """Whether a sender can raise its nonce only by sending: it runs no code, and signs nothing
    else that does."""
    code = None if block.pre is None else block.pre.get(StateKey(facts.sender or "", CODE))
    return code == b"" and facts.authorizes is False


def _wrong_payments(block: EthereumBlock) -> Iterator[Contradiction]:
    paid: dict[StateKey, int] = {}
    for withdrawal in block.withdrawals or ():
        key = StateKey(withdrawal.address, BALANCE)
        paid[key] = paid.get(key, 0) + withdrawal.wei
    if not any(paid.values()):
        return
    before = _last_values(block)
    for key, wei in paid.items():
        held = before.get(key, None if block.pre is None else block.pre.get(key))
        if wei and isinstance(held, int):
            found = _written(block.after, key)
            if found != held + wei:
                yield Contradiction(None, key, found, held + wei)


def _last_values(block: EthereumBlock) -> Mapping[StateKey, StateValue | None]:
    """What the steps left in each key that they change, before the system's payments."""
    left: dict[StateKey, StateValue | None] = {}
    for step in (block.before, *block.steps):
        left.update(step.writes)
        left.update(step.adds)
    return left


def _written(step: Step, key: StateKey) -> StateValue | None:
    return step.writes.get(key, step.adds.get(key))
