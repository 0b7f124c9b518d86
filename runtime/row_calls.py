"""Calls of one kind, run one after the other on views that are used again.

What makes executing one transaction slow is all around its handler: loading, binding, checking,
storing. What cannot change while the rows run was settled for all of them at once; what can,
lamports and data, the loop reads when a row's turn comes, and it looks whether anything settled
still holds. So rows may depend on each other, as long as they run in the plan's order.
A row that fails with an error of its own program pays its fee, and that is all. One in which
anything unusual happens (it broke a rule, raised something else, resized or handed over an account,
or kept a view) is concluded as a transaction that is executed alone: from where its handler ended,
since nobody calls that again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from ..primitives import SYSTEM_PROGRAM_ID, Pubkey
from ..programs.kit.account import FrameViews, UncheckedAccount, release_data
from ..programs.kit.frame import Frame, FrameAccount
from ..programs.kit.record import AccountRecord
from .block import SIGNER, WRITABLE, Block
from .call_kinds import Kind
from .interrupts import is_interrupt
from .plain_rows import PlainRows
from .progress import ProgressCell
from .raised import detail_of_failure
from .receipt import Detail, Outcome
from .row_form import CONCLUDED, loop_of
from .transaction import Called, TransactionExecutor
from .working_set import WorkingSet


class RowCalls:
    """The plain rows among calls of one kind, in their order.

    `note` is told the outcome of each that is concluded; the loop itself tells `details`.
    """

    def __init__(
        self,
        kind: Kind,
        plain: PlainRows,
        block: Block,
        accounts: WorkingSet,
        executor: TransactionExecutor,
        progress: ProgressCell,
        details: dict[int, Detail],
        note: Callable[[int, Outcome], None],
    ) -> None:
        self._spec = kind.spec
        self._flags = kind.shape.flags
        self._block = block
        self._accounts = accounts
        self._executor = executor
        self._note = note
        self._form = plain.form
        self._owners = plain.owners
        self._rows = plain.rows()
        self._loop = loop_of(plain.form)
        self._memory = (progress.position, *accounts.live, plain.versions.get)
        self._detail_of = partial(detail_of_failure, program=kind.spec.program_name)
        self._details = details
        self._marks = [getattr(p.view_type, "discriminator", b"") for p in kind.spec.accounts]
        self._made = FrameViews()  # views that the handler makes of those it is given
        self._records: list[AccountRecord] = []
        self._views: list[UncheckedAccount] = []
        self._renew()

    def run(self, count: int, recursion_limit: int) -> Iterator[int]:
        """Execute the next `count` rows, under this recursion limit.

        Yields each for which what was settled beforehand holds no more: whoever iterates executes
        it alone before going on.
        """
        rows = islice(self._rows, count)
        limit_outside = sys.getrecursionlimit()
        while True:
            sys.setrecursionlimit(recursion_limit)
            try:
                left = self._loop(
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
                )
            finally:
                sys.setrecursionlimit(limit_outside)
            if left is None:
                return
            self._renew()
            if left != CONCLUDED:
                yield left

    def _conclude(self, position: int, raised: BaseException | None) -> None:
        """End the row at hand, whose handler `raised` this, as if it were executed alone."""
        spec, executor = self._spec, self._executor
        columns = self._block.instructions
        start = int(columns.account_offsets[columns.offsets[position]])
        given: list[int] = columns.accounts[start : start + len(self._flags)].tolist()
        invocation = executor.begin_call()
        invocation.consume(spec.program.compute_units + spec.compute_units)
        self._made.extend(self._views)  # all of them end with the frame
        identity, data = (spec.program_name, spec.program_id), b""  # data is decoded already
        frame = Frame(identity, self._frame_accounts(given), data, invocation, views=self._made)
        records = dict(zip(given, self._records, strict=False))
        called = Called(invocation, frame, raised)
        outcome = executor.conclude(position, spec.program, called, records, self._accounts)
        self._note(position, outcome)

    def _frame_accounts(self, given: Sequence[int]) -> list[FrameAccount]:
        """What the row's call was given, accounts that the handler does not declare included."""
        records = [*self._records]
        for account in given[len(records) :]:
            key, state = self._block.keys[account], self._accounts.load(account)
            records.append(AccountRecord(key, state, writable=False))
        return [
            FrameAccount(record, bool(flag & SIGNER), bool(flag & WRITABLE))
            for record, flag in zip(records, self._flags, strict=True)
        ]

    def _renew(self) -> None:
        """Fresh records and views; the last ones can no longer be used."""
        _end_views(self._views)
        _end_views(self._made)
        self._made.broken = None
        self._records, self._views = [], []
        for k, (form, owner) in enumerate(zip(self._form.accounts, self._owners, strict=True)):
            parameter = self._spec.accounts[k]
            record = _RowRecord(
                self._block.keys, owner or SYSTEM_PROGRAM_ID, writable=form.writable
            )
            view = parameter.view_type.__new__(parameter.view_type)
            view._bind(  # pyright: ignore[reportPrivateUsage]
                record,
                parameter.name,
                writable=form.writable,
                program=(self._spec.program_name, self._spec.program_id),
                signer=bool(self._flags[k] & SIGNER),
                siblings=self._made,
            )
            self._records.append(record)
            self._views.append(view)
        self._made.clear()


class _RowRecord(AccountRecord):
    """The record of whichever row is at hand; its key is looked up when somebody asks."""

    __slots__ = ("account", "keys")

    def __init__(self, keys: Sequence[Pubkey], owner: Pubkey, *, writable: bool) -> None:
        self.account = 0
        self.keys = keys
        self.lamports = 0
        self.owner = owner
        self.buffer = bytearray() if writable else b""
        self.executable = False
        self.writable = writable
        self.borrowed = None

    @property
    def key(self) -> Pubkey:  # pyright: ignore[reportIncompatibleVariableOverride] - made on demand
        return self.keys[self.account]


def _end_views(views: list[UncheckedAccount]) -> None:
    for view in views:
        view._release()  # pyright: ignore[reportPrivateUsage]
    views.clear()
