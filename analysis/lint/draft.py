"""One transaction taken out of its block, with other declarations, and run by itself.

Guarantees: run unchanged, it does what it does in the block, as its accounts hold what they held
there. Does not: change the block, or commit anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, Pubkey
from ...primitives.reserved_keys import RESERVED_KEYS
from ...runtime import Block
from ...runtime.block.block import ADDS, NO_PAYER, SIGNER, WRITABLE, InstructionColumns
from ...runtime.svm.execution_inputs import ExecutionInputs
from ...runtime.svm.receipt import NO_DETAIL, Detail
from ...runtime.svm.serial import execute_serially
from ...scheduler import AccessLists
from ...scheduler.access import ADD, READ


class DraftAccount(NamedTuple):
    """An account that the transaction declares, and what it holds before.

    `adds`: it is only added to, which includes `writable`.
    """

    state: Account
    writable: bool
    signer: bool
    adds: bool = False


class DraftCall(NamedTuple):
    """An instruction: its program by index into the block's, the accounts it declares, its data."""

    program: int
    accounts: tuple[Pubkey, ...]
    data: bytes


class Ending(NamedTuple):
    """What came of a run: equal endings mean equal receipts and equal changes."""

    fee: int
    compute_units: int
    detail: Detail
    changed: Mapping[Pubkey, Account]


@dataclass(frozen=True, slots=True)
class Draft:
    """The transaction at `position` of the block that `inputs` execute."""

    inputs: ExecutionInputs
    position: int
    payer: Pubkey | None
    accounts: Mapping[Pubkey, DraftAccount]
    calls: tuple[DraftCall, ...]

    @classmethod
    def of(cls, inputs: ExecutionInputs, position: int, states: Mapping[Pubkey, Account]) -> Draft:
        """As it is. `states`: what its accounts hold before it."""
        block = inputs.block
        calls, signers = _calls(block, position)
        ids, _ = block.access.of(position)
        kinds = block.access.kinds_of(slice(*block.access.offsets[position : position + 2]))
        payer = int(block.payers[position])
        keys = _keys(block, ids)
        return cls(
            inputs,
            position,
            None if payer == NO_PAYER else block.keys[payer],
            {
                key: DraftAccount(states[key], kind != READ, key in signers, kind == ADD)
                for key, kind in zip(keys, kinds.tolist(), strict=True)
            },
            calls,
        )

    def is_constant(self, key: Pubkey) -> bool:
        """Whether no transaction can write an account, so that nobody waits for who reads it."""
        is_program = self.inputs.programs.get(key) is not None
        return is_program or key in RESERVED_KEYS or self.accounts[key].state.executable

    def without(self, key: Pubkey) -> Draft:
        """With no mention of this account."""
        calls = [
            call._replace(accounts=tuple(each for each in call.accounts if each != key))
            for call in self.calls
        ]
        accounts = {each: account for each, account in self.accounts.items() if each != key}
        return replace(self, accounts=accounts, calls=tuple(calls))

    def locking(self, key: Pubkey, *, write: bool) -> Draft:
        """With this account, which is declared, locked for writing or for reading only."""
        account = self.accounts[key]._replace(writable=write, adds=False)
        return replace(self, accounts={**self.accounts, key: account})

    def declaring(self, key: Pubkey, state: Account, instruction: int) -> Draft:
        """With this account as the last one of an instruction, locked for reading at least."""
        calls = list(self.calls)
        call = calls[instruction]
        calls[instruction] = call._replace(accounts=(*call.accounts, key))
        account = self.accounts.get(key) or DraftAccount(state, writable=False, signer=False)
        return replace(self, accounts={**self.accounts, key: account}, calls=tuple(calls))

    def run(self) -> Ending:
        """Execute it. Raises MachineError."""
        keys = list(self.accounts)
        states = [account.state for account in self.accounts.values()]
        block = self._block(keys)
        done = execute_serially(
            ExecutionInputs(block, self.inputs.programs, self.inputs.sysvars, states)
        )
        changed = {keys[account]: state for account, state in done.changed.items()}
        detail = done.details.get(0, NO_DETAIL)
        return Ending(int(done.fees[0]), int(done.compute_units[0]), detail, changed)

    def _block(self, keys: Sequence[Pubkey]) -> Block:
        whole, position = self.inputs.block, self.position
        id_of = {key: account for account, key in enumerate(keys)}
        adds = np.array([account.adds for account in self.accounts.values()], np.bool_)
        writes = np.array([account.writable for account in self.accounts.values()], np.bool_)
        return Block(
            ids=whole.ids[position : position + 1],
            keys=keys,
            access=AccessLists(
                np.array([0, len(keys)]),
                np.arange(len(keys), dtype=np.uint32),
                writes & ~adds,
                len(keys),
                adds if adds.any() else None,
            ),
            payers=np.array([NO_PAYER if self.payer is None else id_of[self.payer]], np.int64),
            fees=whole.fees[position : position + 1],
            costs=whole.costs[position : position + 1],
            instructions=self._columns(id_of),
            program_ids=whole.program_ids,
        )

    def _columns(self, id_of: Mapping[Pubkey, int]) -> InstructionColumns:
        named = [key for call in self.calls for key in call.accounts]
        flags = [_flags(self.accounts[key]) for key in named]
        return InstructionColumns(
            offsets=np.array([0, len(self.calls)], np.int64),
            programs=np.array([call.program for call in self.calls], np.uint32),
            account_offsets=np.cumsum([0, *(len(call.accounts) for call in self.calls)]),
            accounts=np.array([id_of[key] for key in named], np.uint32),
            account_flags=np.array(flags, np.uint8),
            data_offsets=np.cumsum([0, *(len(call.data) for call in self.calls)]),
            data=np.frombuffer(b"".join(call.data for call in self.calls), np.uint8),
        )


def _flags(account: DraftAccount) -> int:
    return SIGNER * account.signer | WRITABLE * account.writable | ADDS * account.adds


def _keys(block: Block, accounts: NDArray[np.uint32]) -> list[Pubkey]:
    ids: list[int] = accounts.tolist()
    return [block.keys[account] for account in ids]


def _calls(block: Block, position: int) -> tuple[tuple[DraftCall, ...], set[Pubkey]]:
    """The instructions of a transaction, and who signs: an account's rights are those in all."""
    columns, calls, signers = block.instructions, list[DraftCall](), set[Pubkey]()
    first, last = columns.offsets[position : position + 2].tolist()
    for index in range(first, last):
        start, end = columns.account_offsets[index : index + 2].tolist()
        keys = _keys(block, columns.accounts[start:end])
        flags = columns.account_flags[start:end].tolist()
        signers |= {key for key, flag in zip(keys, flags, strict=True) if flag & SIGNER}
        data = columns.data[slice(*columns.data_offsets[index : index + 2].tolist())].tobytes()
        calls.append(DraftCall(int(columns.programs[index]), tuple(keys), data))
    return tuple(calls), signers
