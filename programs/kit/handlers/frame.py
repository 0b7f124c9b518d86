"""One instruction in execution, and the interface of the runtime to it.

The kit defines what it needs from a runtime (`Host`) and never imports one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar, cast

from ....primitives import Instruction, InstructionErrors, ProgramFailure, Pubkey
from ..accounts.account import FrameViews, UncheckedAccount
from ..accounts.added import added_view
from ..accounts.record import STALE, AccountRecord
from ..accounts.sysvars import Sysvars

View = TypeVar("View", bound=UncheckedAccount)
Seeds = Sequence[bytes]


class Host(Protocol):
    """The services of a runtime for a running instruction."""

    @property
    def sysvars(self) -> Sysvars: ...

    @property
    def units_left(self) -> int: ...

    def consume(self, units: int) -> None:
        """Charge compute units. Raises ComputationalBudgetExceeded beyond the limit."""
        ...

    def log(self, line: str) -> None: ...

    def set_return_data(self, program_id: Pubkey, data: bytes) -> None: ...

    def return_data(self) -> tuple[Pubkey, bytes] | None: ...

    def invoke(
        self, frame: Frame, instruction: Instruction, signer_seeds: Sequence[Seeds]
    ) -> None: ...


class FrameAccount(NamedTuple):
    """One account of an instruction, with its privileges there. `adds`: it may only be added to."""

    record: AccountRecord
    signer: bool
    writable: bool
    adds: bool = False


class Frame:
    """An instruction with its accounts loaded. Its views expire with it; `views` holds them."""

    __slots__ = ("_views", "accounts", "data", "depth", "host", "program_id", "program_name")

    def __init__(
        self,
        program: tuple[str, Pubkey],
        accounts: Sequence[FrameAccount],
        data: bytes,
        host: Host,
        depth: int = 1,
        views: FrameViews | None = None,
    ) -> None:
        self.program_name, self.program_id = program
        self.accounts = accounts
        self.data = data
        self.host = host
        self.depth = depth
        self._views = FrameViews() if views is None else views

    def view(
        self,
        view_type: type[View],
        account: FrameAccount,
        name: str,
        *,
        writable: bool,
        adds: bool = False,
    ) -> View:
        """A view of one of this frame's accounts, never with more rights than the account has."""
        if adds or account.adds or account.record.adds:
            view_type = added_view(view_type)
        view = object.__new__(view_type)
        view._bind(  # pyright: ignore[reportPrivateUsage]
            account.record,
            name,
            writable=writable and account.writable,
            program=(self.program_name, self.program_id),
            signer=account.signer,
            siblings=self._views,
        )
        return view

    @property
    def broken(self) -> ProgramFailure | None:
        """The first rule broken through a view, even if the handler caught the error."""
        return self._views.broken

    def note_broken(self, failure: ProgramFailure | None) -> None:
        """Record a broken rule, if it is the first."""
        self._views.broken = self._views.broken or failure

    def refuse_undeclared(self, key: Pubkey) -> ProgramFailure:
        """The error for an account that the instruction uses but does not declare."""
        failure = ProgramFailure(
            InstructionErrors.MissingAccount,
            f"{self.program_name} uses account {key}, which the instruction does not declare; "
            "add it to the handler's parameters",
            account=str(key),
        )
        self.note_broken(failure)
        return failure

    def account(self, key: Pubkey) -> FrameAccount | None:
        """The account of this frame under `key`, if it is declared."""
        for account in self.accounts:
            if account.record.key == key:
                return account
        return None

    def signers(self) -> frozenset[Pubkey]:
        """Every key that signed this instruction."""
        return frozenset(account.record.key for account in self.accounts if account.signer)

    def open_again(self, accounts: Sequence[FrameAccount], host: Host) -> None:
        """Reuse the frame for another call of the instruction, if nothing of the last was kept."""
        self.accounts = accounts
        self.host = host

    def close(self) -> None:
        """Expire every view and context of this frame."""
        for view in self._views:
            view._release()  # pyright: ignore[reportPrivateUsage]
        self._views.clear()
        self.accounts = cast(Sequence[FrameAccount], STALE)
        self.host = cast(Host, STALE)
