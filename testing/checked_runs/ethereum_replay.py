"""Replays what a recorded block of Ethereum changes as transactions, and checks every value.

Each key of the state is an account that holds its value; each recorded transaction becomes a call
of `state_replay`, which asserts the value of each key that it accesses, as the transaction before
it left it, and puts the next one there. What the system does before and after the transactions runs
as a transaction, too. Since all is executed like any other block, an assertion fails if two
transactions run in the wrong order. The code of an account stands for itself by its hash.
Does not: assert a value that no source says (that of a key before the block, from a list alone);
what was asserted is counted. Keys that are only added to take their values in file order here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ...ingest.ethereum.columns import step_accesses
from ...ingest.ethereum.keys import StateKey, StateValue
from ...ingest.ethereum.model import EthereumBlock, Step
from ...ingest.ethereum.transaction_ids import transaction_ids
from ...ingest.ethereum.value_words import word_of
from ...primitives import Account, AccountMeta, InputError, Instruction, Pubkey, Transaction
from ...programs.library.state_replay import Change, encode_changes, held_data, state_replay
from ...runtime.block.limits import ACCOUNT_LOCKS_MAX

BEFORE_ID: Final = "system before"
AFTER_ID: Final = "system after"
# A transaction with more keys is replayed in parts, as one may lock no more, its program included.
# The parts have no key in common.
PART_KEYS_MAX: Final = ACCOUNT_LOCKS_MAX - 1
_APPLY: Final = state_replay.instructions["apply"].tag


@dataclass(frozen=True)
class StateReplay:
    """What to run, and what must come of it.

    `transactions`: the system's and the block's, in parts. `owners`: the id of the transaction that
    a part is of, by the part's id. `accounts`: before the block. `keys`: the key of the state that
    an account stands for. `left`: what each key holds after the block; None if it is not known.
    `checked`: how many values the transactions assert that somebody else said.
    """

    transactions: list[Transaction] = field(default_factory=list[Transaction])
    owners: dict[str, str] = field(default_factory=dict[str, str])
    accounts: dict[Pubkey, Account] = field(default_factory=dict[Pubkey, Account])
    keys: dict[Pubkey, StateKey] = field(default_factory=dict[Pubkey, StateKey])
    left: dict[StateKey, StateValue | None] = field(
        default_factory=dict[StateKey, StateValue | None]
    )
    checked: int = 0


def state_replay_of(block: EthereumBlock) -> StateReplay:
    """The replay of a block. Raises InputError if nobody says what its transactions wrote."""
    if not block.writes_known:
        raise InputError(
            "nothing says what its transactions wrote, so there is nothing to replay; add a block "
            "access list, traces, or prestateTracer's answer in diffMode, with --with"
        )
    return _Building(block).build()


class _Building:
    """Walks through a block in file order, and knows what each key holds."""

    def __init__(self, block: EthereumBlock) -> None:
        self._block = block
        self._first: dict[StateKey, StateValue | None] = {}
        self._held: dict[StateKey, StateValue | None] = {}
        self._transactions: list[Transaction] = []
        self._owners: dict[str, str] = {}
        self._checked = 0

    def build(self) -> StateReplay:
        block = self._block
        steps = zip(transaction_ids(block), block.steps, strict=True)
        for name, step in ((BEFORE_ID, block.before), *steps, (AFTER_ID, block.after)):
            self._add(name, [self._change(key, step) for key in step_accesses(step)])
        if block.post is not None:
            for key in (*(block.pre.values if block.pre else ()), *block.post.values):
                self._meet(key)  # untouched ones are compared with what is expected, too
        keys = {Pubkey.of(key.name): key for key in self._held}
        return StateReplay(
            transactions=self._transactions,
            owners=self._owners,
            accounts={account: _account(self._first[key]) for account, key in keys.items()},
            keys=keys,
            left=self._held,
            checked=self._checked,
        )

    def _meet(self, key: StateKey, said: StateValue | None = None) -> None:
        """Note what a key holds before the block, `said` by the first step that accesses it."""
        if key not in self._held:
            known = None if self._block.pre is None else self._block.pre.get(key)
            self._first[key] = self._held[key] = said if known is None else known
            self._checked -= known is None and said is not None  # no one else says so

    def _change(self, key: StateKey, step: Step) -> tuple[StateKey, Change]:
        """What a step finds in a key and leaves there."""
        said = step.reads.get(key)
        self._meet(key, said)
        held = self._held[key]
        found = None if held is None else held if said is None else said
        self._checked += found is not None
        writes = key in step.writes or key in step.adds
        after = step.writes.get(key, step.adds.get(key))
        if writes:
            self._held[key] = after
        return key, Change(_word(found), writes, _word(after) if writes else None)

    def _add(self, name: str, changes: list[tuple[StateKey, Change]]) -> None:
        for start in range(0, len(changes), PART_KEYS_MAX):
            part = name if start == 0 else f"{name} part {start // PART_KEYS_MAX + 1}"
            self._owners[part] = name
            self._transactions.append(_call(part, changes[start : start + PART_KEYS_MAX]))
        if not changes and name not in (BEFORE_ID, AFTER_ID):
            self._owners[name] = name
            self._transactions.append(_call(name, []))


def _call(name: str, changes: list[tuple[StateKey, Change]]) -> Transaction:
    accounts = [AccountMeta(Pubkey.of(key.name), writable=change.writes) for key, change in changes]
    data = _APPLY + encode_changes(change for _, change in changes)
    call = Instruction(state_replay.id, tuple(accounts), data, state_replay)
    return Transaction([call], id=name)


def _account(value: StateValue | None) -> Account:
    return Account(1, owner=state_replay.id, data=held_data(_word(value)))


def _word(value: StateValue | None) -> bytes | None:
    return None if value is None else word_of(value)
