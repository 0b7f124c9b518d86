"""Executing one transaction of a block: fee first, then its instructions, all or nothing.

Guarantees: the effects of a transaction depend only on its accounts and the block's sysvars. A
failed one changes nothing but its payer's lamports, by the fee; one whose payer cannot pay changes
nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import repeat
from typing import NamedTuple

import numpy as np

from ...primitives import Account, Failure, ProgramFailure, TransactionErrors
from ...primitives.account import EMPTY_ACCOUNT
from ...programs.kit import Program
from ...programs.kit.accounts.added_record import AddedRecord, AddsDoubtful
from ...programs.kit.accounts.record import AccountRecord
from ...programs.kit.handlers.frame import Frame, FrameAccount
from ..block.allocation import data_failure
from ..block.block import ADDS, NO_PAYER, SIGNER, WRITABLE
from .account_source import AccountSource
from .chain_rules.fee import debited, refuse_payer
from .chain_rules.locks import possibly_over_locked, refuse_locks
from .chain_rules.rent import breaks_rent, rent_failure
from .chain_rules.vanish import left_behind
from .compute_budget import ComputeBudgets
from .execution_inputs import BlockEnvironment
from .failure_mapping import failure_in_call
from .invoke_context import InstructionContext, InvokeContext
from .receipt import NO_DETAIL, Detail, Outcome
from .recorder import Recorder, Recording
from .single_call import SingleCall


class HandlerEnd(NamedTuple):
    """The end of a handler that a row loop called. `raised`: its exception, or None."""

    frame: Frame
    raised: BaseException | None


class TransactionExecutor:
    """Executes transactions of one block, by position.

    `environment`: the block, programs and sysvars. A `recorder` gets a recording of each
    transaction; without one nothing is recorded. `ordered`: transactions that add to one account
    are executed in file order. Where they are not, AddsDoubtful is raised if their order could
    matter.
    """

    def __init__(
        self,
        environment: BlockEnvironment,
        recorder: Recorder | None = None,
        *,
        ordered: bool = True,
    ) -> None:
        self._ordered = ordered
        self._block = block = environment.block
        self._programs = programs = environment.programs
        self._sysvars = environment.sysvars
        self._recorder = recorder
        self._recording: Recording | None = None  # of the transaction in execution
        self._budgets = ComputeBudgets(block)
        # Hardly any. Only these need a check of their own.
        self._suspects = possibly_over_locked(block) | block.beyond_data
        self._by_index = [programs.get(program_id) for program_id in block.program_ids]

    @property
    def called(self) -> list[Program]:
        """The programs that the block's transactions call."""
        return [program for program in self._by_index if program is not None]

    def execute(self, position: int, accounts: AccountSource) -> Outcome:
        """Execute the transaction at `position`, and store what it changed."""
        if self._recorder is not None:
            self._recording = self._recorder.begin(position)
        # Before accounts are loaded: loading a million would take seconds.
        if position in self._suspects:
            refused = refuse_locks(self._block, position) or self._refuse_data(position)
            if refused is not None:
                self._fold(position, accounts)
                return Outcome(0, 0, Detail(failure=refused))
        offsets = self._block.access.offsets
        start, end = int(offsets[position]), int(offsets[position + 1])
        records, before = self._load(start, end, accounts)
        payer = int(self._block.payers[position])
        fee = int(self._block.fees[position])
        limit = self._budgets.limit_of(*self._instruction_range(position))
        if isinstance(limit, Failure):
            return Outcome(0, 0, Detail(failure=limit))
        refused = self._refuse(position) or self._refuse_payer(payer, before, fee)
        if refused is not None:
            return Outcome(0, 0, Detail(failure=refused))
        if fee:
            records[payer].lamports -= fee
        outcome = self._run(position, records, fee, limit)
        if outcome.detail.failure is None:
            refused = self._refuse_left(position, records, before)
            outcome = outcome if refused is None else _failed(outcome, refused)
        self._settle(position, outcome.detail.failure, records, before, accounts)
        return outcome

    def begin_single_call(self, level: InstructionContext, units: int) -> SingleCall:
        """The host of a transaction's only call, for a handler that is called by a row loop.

        `units`: compute units that are used when it begins.
        """
        return SingleCall(self._programs, self._sysvars, level, units)

    def conclude(
        self,
        position: int,
        call: SingleCall,
        end: HandlerEnd,
        records: dict[int, AccountRecord],
        accounts: AccountSource,
    ) -> Outcome:
        """End a transaction after its only call, and store what it changed.

        `records`: by account, as the handler left them; the fee was taken from the payer's before.
        """
        payer, fee = int(self._block.payers[position]), int(self._block.fees[position])
        before = {
            account: _loaded(account, record, accounts) for account, record in records.items()
        }
        held = sum(0 if records[a].adds else state.lamports for a, state in before.items())
        call.level.begin(held - fee * (payer in records), [len(s.data) for s in before.values()])
        if fee and payer not in records:
            before[payer] = state = accounts.load(payer)
            records[payer] = AccountRecord(self._block.keys[payer], state, writable=True)
            records[payer].lamports -= fee
        elif fee:
            records[payer].writable = True  # as every payer is, whatever the handler declares
        failure: Failure | None = None
        try:
            call.conclude(end.frame, end.raised)
        except ProgramFailure as raised:
            failure = failure_in_call(raised, call.failed_program, 0)
        failure = failure or self._refuse_left(position, records, before)
        self._settle(position, failure, records, before, accounts)
        return outcome_of(call, failure, fee, call.units_used)

    def _load(
        self, start: int, end: int, accounts: AccountSource
    ) -> tuple[dict[int, AccountRecord], dict[int, Account]]:
        access = self._block.access
        keys = self._block.keys
        records: dict[int, AccountRecord] = {}
        before: dict[int, Account] = {}
        recording = self._recording
        make_record = AccountRecord if recording is None else recording.account_record
        make_added = AddedRecord if recording is None else recording.added_record
        ids: list[int] = access.accounts[start:end].tolist()
        writes: list[bool] = access.writes[start:end].tolist()
        adds = repeat(False) if access.adds is None else access.adds[start:end].tolist()
        for account, writable, only_adds in zip(ids, writes, adds, strict=False):
            if only_adds:
                state = accounts.load_to_add(account)
                records[account] = make_added(keys[account], state, ordered=self._ordered)
            else:
                state = accounts.load(account)
                records[account] = make_record(keys[account], state, writable=writable)
            before[account] = state
        return records, before

    def _fold(self, position: int, accounts: AccountSource) -> None:
        """Load accounts that others add to: those that read them next rely on it."""
        access = self._block.access
        if self._ordered or access.adds is None:
            return
        rows = slice(*access.offsets[position : position + 2])
        loaded = access.accounts[rows][~access.adds[rows]]
        added = access.accounts[access.adds]
        for account in loaded[np.isin(loaded, added)].tolist():
            accounts.load(account)

    def _refuse_data(self, position: int) -> Failure | None:
        """The failure if its allocations do not fit the block."""
        if position not in self._block.beyond_data:
            return None
        return data_failure(self._block.allocations[position])

    def _refuse(self, position: int) -> Failure | None:
        """The failure if the transaction calls an unknown program. It then pays no fee."""
        start, end = self._instruction_range(position)
        called: list[int] = self._block.instructions.programs[start:end].tolist()
        for index in called:
            if self._by_index[index] is None:
                program_id = self._block.program_ids[index]
                return Failure.of_rule(
                    TransactionErrors.ProgramAccountNotFound,
                    f"no program has id {program_id}; pass it with --program or programs=",
                    account=str(program_id),
                )
        return None

    def _refuse_payer(self, payer: int, before: dict[int, Account], fee: int) -> Failure | None:
        if not fee:
            return None
        key = None if payer == NO_PAYER else self._block.keys[payer]
        state = before.get(payer, EMPTY_ACCOUNT)
        return refuse_payer(key, state, fee, self._programs, self._sysvars.rent)

    def _refuse_left(
        self, position: int, records: dict[int, AccountRecord], before: dict[int, Account]
    ) -> Failure | None:
        """The failure if a transaction that succeeded would break the rent rule.

        Of several accounts it names the one that comes first in a Solana message: the payer, then
        those that sign.
        """
        rent = self._sysvars.rent
        if not rent.enforced:
            return None
        payer, fee = int(self._block.payers[position]), int(self._block.fees[position])
        offsets = self._block.access.offsets
        locked = self._block.access.accounts[offsets[position] : offsets[position + 1]].tolist()
        broken = [
            account
            for account in locked
            if account in records
            and records[account].writable
            and breaks_rent(
                before[account],
                before[account].lamports - fee * (account == payer),
                records[account],
                rent,
            )
        ]
        if not broken:
            return None
        signers = self._signers(position)
        first = min(broken, key=lambda account: (account != payer, account not in signers))
        record = records[first]
        return rent_failure(record.key, record.balance, len(record.buffer), rent)

    def _settle(
        self,
        position: int,
        failure: Failure | None,
        records: dict[int, AccountRecord],
        before: dict[int, Account],
        accounts: AccountSource,
    ) -> None:
        """Store what the transaction changed; of one that failed, that its fee is paid."""
        if not self._ordered:
            _require_certain(records)
        if failure is None:
            for account, record in records.items():
                if isinstance(record, AddedRecord):
                    if record.lamports or record.sums:
                        accounts.add(account, record.lamports, record.sums)
                elif record.writable:
                    _store_one(account, before[account], record.state(), accounts)
            return
        payer, fee = int(self._block.payers[position]), int(self._block.fees[position])
        if fee:
            _store_one(payer, before[payer], debited(before[payer], fee), accounts)

    def _signers(self, position: int) -> set[int]:
        columns = self._block.instructions
        start, end = columns.account_offsets[list(self._instruction_range(position))].tolist()
        signs = columns.account_flags[start:end] & SIGNER > 0
        return set(columns.accounts[start:end][signs].tolist())

    def _run(
        self, position: int, records: dict[int, AccountRecord], fee: int, limit: int
    ) -> Outcome:
        start, end = self._instruction_range(position)
        recording = self._recording
        make_invoke_context = InvokeContext if recording is None else recording.invoke_context
        invoke_context = make_invoke_context(self._programs, self._sysvars, limit)
        failure: Failure | None = None
        for index in range(start, end):
            try:
                self._run_instruction(index, records, invoke_context)
            except ProgramFailure as raised:
                failure = failure_in_call(raised, invoke_context.failed_program, index - start)
                break
        return outcome_of(invoke_context, failure, fee, limit - invoke_context.units_left)

    def _run_instruction(
        self, index: int, records: dict[int, AccountRecord], invoke_context: InvokeContext
    ) -> None:
        columns = self._block.instructions
        program = self._by_index[int(columns.programs[index])]
        assert isinstance(program, Program)  # _refuse found every program
        start, end = int(columns.account_offsets[index]), int(columns.account_offsets[index + 1])
        ids = columns.accounts[start:end].tolist()
        flags = columns.account_flags[start:end].tolist()
        accounts = [
            FrameAccount(
                records[account], bool(flag & SIGNER), bool(flag & WRITABLE), bool(flag & ADDS)
            )
            for account, flag in zip(ids, flags, strict=True)
        ]
        data_start, data_end = (
            int(columns.data_offsets[index]),
            int(columns.data_offsets[index + 1]),
        )
        invoke_context.run(program, accounts, columns.data[data_start:data_end].tobytes())

    def _instruction_range(self, position: int) -> tuple[int, int]:
        offsets = self._block.instructions.offsets
        return int(offsets[position]), int(offsets[position + 1])


def outcome_of(
    invoke_context: InvokeContext, failure: Failure | None, fee: int, units: int
) -> Outcome:
    """The outcome of a transaction that used `units` compute units."""
    returned = invoke_context.return_data()
    detail = NO_DETAIL
    if failure is not None or invoke_context.logs or returned is not None:
        data = None if returned is None else returned[1]
        detail = Detail(failure, tuple(invoke_context.logs), data)
    return Outcome(fee, units, detail)


def _loaded(account: int, record: AccountRecord, accounts: AccountSource) -> Account:
    return accounts.load_to_add(account) if record.adds else accounts.load(account)


def _require_certain(records: Mapping[int, AccountRecord]) -> None:
    """Raise AddsDoubtful if the order of adds may matter."""
    for account, record in records.items():
        if isinstance(record, AddedRecord) and record.doubtful:
            raise AddsDoubtful(account)


def _failed(outcome: Outcome, failure: Failure) -> Outcome:
    return outcome._replace(detail=outcome.detail._replace(failure=failure))


def _store_one(account: int, before: Account, after: Account, accounts: AccountSource) -> None:
    left = left_behind(before, after)
    if left != before:
        accounts.store(account, left)
