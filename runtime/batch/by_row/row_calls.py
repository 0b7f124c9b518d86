"""Runs calls of one call signature one after another, reusing the same records and views.

Most of the time of a single transaction goes into the work around its handler: loading, binding,
checking, storing. What rarely changes while the rows run was computed for all of them in advance,
and the loop checks that it still holds. Lamports and data it reads when a row's turn comes. So rows
may depend on each other, as long as they run in the plan's order.
A row that fails with an error of its own program only pays its fee. A row in which anything unusual
happens (it broke a rule, raised something else, resized an account or changed its owner, or kept a
view) is concluded by the code for transactions that are executed alone, from the end of its
handler on: the handler is not called again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from ....primitives import SYSTEM_PROGRAM_ID, Pubkey
from ....programs.kit.accounts.account import FrameViews, UncheckedAccount, release_data
from ....programs.kit.accounts.added import added_view
from ....programs.kit.accounts.added_record import AddedRecord
from ....programs.kit.accounts.record import AccountRecord
from ....programs.kit.handlers.context import Context
from ....programs.kit.handlers.frame import Frame, FrameAccount
from ....programs.kit.handlers.parameters import ContextParameter
from ...block.block import ADDS, SIGNER, WRITABLE, Block
from ...process.interrupts import is_interrupt
from ...svm.failure_mapping import detail_of_failure
from ...svm.invoke_context import InstructionContext
from ...svm.process_guard import ProcessGuard
from ...svm.single_call import SingleCall
from ...svm.transaction_executor import HandlerEnd, TransactionExecutor, outcome_of
from ..call_signatures import CallSignature
from ..workspace import Workspace
from .plain_rows import PlainRows
from .row_loop import CONCLUDED, loop_of


class RowCalls:
    """The plain rows among calls of one signature, in execution order.

    The loop reads and writes `workspace`; `executor` concludes unusual rows.
    """

    def __init__(
        self,
        signature: CallSignature,
        plain: PlainRows,
        block: Block,
        workspace: Workspace,
        executor: TransactionExecutor,
    ) -> None:
        self._spec = signature.spec
        self._flags = signature.shape.flags
        self._block = block
        self._accounts = workspace.accounts
        self._executor = executor
        self._record = workspace.record
        self._form = plain.form
        self._owners = plain.owners
        self._rows = plain.rows()
        self._loop = loop_of(plain.form)
        self._memory = (
            workspace.progress.position,
            *workspace.accounts.live,
            plain.versions.get,
        )
        self._detail_of = partial(detail_of_failure, program=signature.spec.program_name)
        self._details = workspace.details
        self._parameters = signature.accounts
        self._marks = [getattr(p.view_type, "discriminator", b"") for p in signature.accounts]
        self._names = [
            p.name for p in signature.spec.parameters if not isinstance(p, ContextParameter)
        ]  # for the constraints
        self._made = FrameViews()  # views that the handler makes from those it is given
        self._records: list[AccountRecord] = []
        self._views: list[UncheckedAccount] = []
        # Only for a handler that takes a context.
        self._call: SingleCall | None = None
        self._frame: Frame | None = None
        self._context: Context | None = None
        self._given: list[FrameAccount] = []
        self._renew()

    def run(self, count: int, guard: ProcessGuard, frames_fewer: int) -> Iterator[int]:
        """Execute the next `count` rows. `frames_fewer`: see loop_depth.py.

        Yields the position of each row whose precomputed facts no longer hold: the caller must
        execute it alone before it continues the iteration.
        """
        rows = islice(self._rows, count)
        while True:
            left = guard.run_together(
                self._spec.program,
                frames_fewer,
                self._loop,
                rows,
                *self._memory,
                self._spec.handler,
                self._records,
                self._views,
                self._marks,
                self._made,
                _end_views,
                sys.getrefcount,
                is_interrupt,
                release_data,
                self._detail_of,
                self._details,
                self._conclude,
                self._tell,
                self._context,
                self._call,
                self._check,
                self._accounts.add,
            )
            if left is None:
                return
            self._renew()
            if left != CONCLUDED:
                yield left

    def _check(self, *given: object) -> None:
        self._spec.require_constraints(dict(zip(self._names, given, strict=True)))

    def _tell(self, position: int) -> None:
        """Record the outcome of the current row, which succeeded; reset the call for the next."""
        call = self._call
        assert call is not None  # the loop calls this only for handlers with a context
        fee = int(self._block.fees[position])
        self._record(position, outcome_of(call, None, fee, call.units_used))
        call.reset()

    def _conclude(self, position: int, raised: BaseException | None, kept: bool) -> None:
        """Conclude the current row as if it were executed alone. `raised`: its handler's exception.

        `kept`: the handler may still hold a view or its context, which are then not reused.
        """
        if kept:
            self._made.extend(self._views)  # closing the frame ends all of them
        records = self._all_records(position)
        call, frame = self._call, self._frame
        if call is None or frame is None:
            call, frame = self._host(list(records.values()))
        end = HandlerEnd(frame, raised)
        self._record(
            position, self._executor.conclude(position, call, end, records, self._accounts)
        )
        self._made.broken = None
        if call is self._call and not kept:
            call.reset()
            frame.open_again(self._given, call)

    def _all_records(self, position: int) -> dict[int, AccountRecord]:
        """The current row's records by account, including accounts the handler does not declare."""
        columns = self._block.instructions
        start = int(columns.account_offsets[columns.offsets[position]])
        given: list[int] = columns.accounts[start : start + len(self._flags)].tolist()
        records = dict(zip(given, self._records, strict=False))
        for account, flags in zip(given[len(records) :], self._flags[len(records) :], strict=True):
            key = self._block.keys[account]
            if flags & ADDS:
                held = self._accounts.load_to_add(account)
                records[account] = AddedRecord(key, held, ordered=self._accounts.ordered)
                continue
            records[account] = AccountRecord(key, self._accounts.load(account), writable=False)
            if account == self._block.payers[position]:
                records[account].lamports -= int(self._block.fees[position])
        return records

    def _host(self, records: Sequence[AccountRecord]) -> tuple[SingleCall, Frame]:
        """The host and the frame of a call on these records."""
        spec = self._spec
        units = spec.program.compute_units + spec.compute_units
        call = self._executor.begin_single_call(InstructionContext(spec.program, records), units)
        self._given = [
            FrameAccount(record, bool(flag & SIGNER), bool(flag & WRITABLE), bool(flag & ADDS))
            for record, flag in zip(records, self._flags, strict=True)
        ]
        identity, data = (spec.program_name, spec.program_id), b""  # data is decoded already
        return call, Frame(identity, self._given, data, call, views=self._made)

    def _renew(self) -> None:
        """Make new records and views; the old ones can no longer be used."""
        self._end()
        self._records, self._views = [], []
        for k, (form, owner) in enumerate(zip(self._form.accounts, self._owners, strict=True)):
            parameter = self._parameters[k]
            keys, owned_by = self._block.keys, owner or SYSTEM_PROGRAM_ID
            record = (
                _AddedRowRecord(keys, owned_by, ordered=self._accounts.ordered)
                if form.adds
                else _RowRecord(keys, owned_by, writable=form.writable)
            )
            only_adds = parameter.adds or form.adds
            view_type = added_view(parameter.view_type) if only_adds else parameter.view_type
            view = object.__new__(view_type)
            view._bind(  # pyright: ignore[reportPrivateUsage]
                record,
                parameter.name,
                writable=parameter.writable and (form.writable or form.adds),
                program=(self._spec.program_name, self._spec.program_id),
                signer=bool(self._flags[k] & SIGNER),
                siblings=self._made,
            )
            self._records.append(record)
            self._views.append(view)
        self._made.clear()
        if self._form.takes_context:
            self._call, self._frame = self._host(self._records)
            self._context = Context(self._frame)

    def _end(self) -> None:
        _end_views(self._views)
        _end_views(self._made)
        self._made.broken = None
        if self._frame is not None:
            self._frame.close()


class _RowRecord(AccountRecord):
    """The record of an account in the current row; its key is looked up on access."""

    __slots__ = ("_key", "_key_of", "account", "keys")

    def __init__(self, keys: Sequence[Pubkey], owner: Pubkey, *, writable: bool) -> None:
        self.account = 0
        self.keys = keys
        self._key_of = -1
        self.lamports = 0
        self.owner = owner
        self.buffer = bytearray() if writable else b""
        self.executable = False
        self.writable = writable
        self.borrowed = None

    @property
    def key(self) -> Pubkey:  # pyright: ignore[reportIncompatibleVariableOverride] - made on demand
        if self._key_of != self.account:
            self._key, self._key_of = self.keys[self.account], self.account
        return self._key


class _AddedRowRecord(AddedRecord):
    """The same for an account that the transactions only add to."""

    __slots__ = ("account", "keys")

    def __init__(self, keys: Sequence[Pubkey], owner: Pubkey, *, ordered: bool) -> None:
        self.account = 0
        self.keys = keys
        self.base = self.lamports = 0
        self.owner = owner
        self.buffer = b""
        self.executable = False
        self.writable = True
        self.borrowed = None
        self.ordered = ordered
        self.doubtful = False
        self.sums = {}

    @property
    def key(self) -> Pubkey:  # pyright: ignore[reportIncompatibleVariableOverride] - made on demand
        return self.keys[self.account]


def _end_views(views: list[UncheckedAccount]) -> None:
    for view in views:
        view._release()  # pyright: ignore[reportPrivateUsage]
    views.clear()
