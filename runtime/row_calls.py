"""Calls of one kind, run one after the other on views that are used again.

What makes executing one transaction slow is all around its handler: loading, binding, checking,
storing. What cannot change while the rows run was settled for all of them at once; what can,
lamports and data, the loop reads when a row's turn comes, and it looks whether anything settled
still holds. So rows may depend on each other, as long as they run in the plan's order.
A row that fails with an error of its own program pays its fee, and that is all. One in which
anything unusual happens (it broke a rule, raised something else, resized or handed over an account,
or kept a view) is handed back, nothing of it stored, and executed alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from ..primitives import SYSTEM_PROGRAM_ID, Pubkey
from ..programs.kit.account import FrameViews, UncheckedAccount
from ..programs.kit.record import AccountRecord
from .block import SIGNER
from .call_kinds import Kind
from .interrupts import is_interrupt
from .plain_rows import PlainRows
from .progress import ProgressCell
from .raised import detail_of_failure
from .receipt import Detail
from .row_form import loop_of
from .working_set import WorkingSet


class RowCalls:
    """The plain rows among calls of one kind, in their order."""

    def __init__(
        self,
        kind: Kind,
        plain: PlainRows,
        accounts: WorkingSet,
        keys: Sequence[Pubkey],
        progress: ProgressCell,
        details: dict[int, Detail],
    ) -> None:
        self._spec = kind.spec
        self._flags = kind.shape.flags
        self._keys = keys
        self._form = plain.form
        self._owners = plain.owners
        self._rows = plain.rows()
        self._loop = loop_of(plain.form)
        self._memory = (progress.position, *accounts.live, plain.versions.get)
        self._detail_of = partial(detail_of_failure, program=kind.spec.program_name)
        self._details = details
        self._marks = [getattr(p.view_type, "discriminator", b"") for p in kind.spec.accounts]
        self._made = FrameViews()  # views that the handler makes of those it is given
        self._records: list[_RowRecord] = []
        self._views: list[UncheckedAccount] = []
        self._renew()

    def run(self, count: int, recursion_limit: int) -> Iterator[int]:
        """Execute the next `count` rows, under this recursion limit.

        Yields each that turns out unusual: whoever iterates executes it alone before going on.
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
                    self._detail_of,
                    self._details,
                )
            finally:
                sys.setrecursionlimit(limit_outside)
            if left is None:
                return
            self._renew()
            yield left

    def _renew(self) -> None:
        """Fresh records and views; the last ones can no longer be used."""
        _end_views(self._views)
        _end_views(self._made)
        self._made.broken = None
        self._records, self._views = [], []
        for k, (form, owner) in enumerate(zip(self._form.accounts, self._owners, strict=True)):
            parameter = self._spec.accounts[k]
            record = _RowRecord(self._keys, owner or SYSTEM_PROGRAM_ID, writable=form.writable)
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
