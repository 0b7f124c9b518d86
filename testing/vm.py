"""A runtime for one test: single transactions, accounts in any state, a settable clock.

    >>> from sealane.programs.library import system
    >>> from sealane.testing import Vm
    >>> with Vm() as vm:
    ...     alice = vm.airdrop("alice", 10)
    ...     receipt = vm.send(system.transfer(source="alice", destination="bob", lamports=4))
    ...     vm.account("bob").lamports, receipt.compute_units
    (4, 150)

Guarantees: transactions run through the same runtime as blocks; Vms share nothing. With workers,
each transaction runs in this process, for its report, and then on the workers; a difference between
the two fails the test.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Final, Self, TypeVar

from ..primitives import (
    Account,
    Errors,
    Instruction,
    Pubkey,
    Transaction,
    UsageError,
)
from ..primitives.pubkey import KeyLike
from ..programs.kit import Clock, Layout, Program
from ..programs.kit.accounts.sysvars import SLOT_MS, SLOTS_PER_EPOCH
from ..programs.kit.handlers.ownership import usual_owners
from ..programs.kit.program.program_set import ProgramSet
from ..runtime import Receipt, Result, Runtime
from ..runtime.state.snapshot import Snapshot
from ..runtime.svm.recorder import Recorder
from .access import Access, access_of
from .fails import Fails
from .failure import TransactionFailed
from .message import message_of
from .names import KeyNames
from .receipt import VmReceipt
from .worker_check import execute_compared

L = TypeVar("L", bound=Layout)
_MS_PER_SECOND: Final = 1_000


class Vm:
    """An isolated state and its runtime. Use as a context manager, or call `close`.

    `programs`: programs known from the start; others are added when their instructions are sent.
    `workers`: 0 executes in this process. `lamports_per_signature`: the fee per signature, paid by
    the payer. `rent`: whether accounts must keep their rent-exempt minimum, as on chain. An account
    can be given by name, key or base58 everywhere.
    """

    def __init__(
        self,
        programs: Iterable[Program] = (),
        *,
        workers: int = 0,
        lamports_per_signature: int = 0,
        rent: bool = False,
    ) -> None:
        self.runtime = Runtime(
            workers=workers,
            programs=programs,
            lamports_per_signature=lamports_per_signature,
            rent=rent,
        )
        self.sent = 0  # by `send`, including failed ones
        self.last: VmReceipt | None = None
        self._names = KeyNames(self.runtime.programs)
        self._raised: TransactionFailed | None = None

    # Sending

    def send(
        self,
        *message: Instruction | Transaction,
        payer: KeyLike | None = None,
        signers: Sequence[KeyLike] | None = None,
    ) -> VmReceipt:
        """Run one transaction of these instructions, or a given Transaction unchanged.

        `payer` pays the fee and signs; by default the first signer. `signers`: who signs besides
        the payer; by default those that the instructions require. Raises TransactionFailed, whose
        message is the report.
        """
        __tracebackhide__ = True
        self.sent += 1
        receipt = self.try_send(*message, payer=payer, signers=signers)
        if receipt.error is not None:
            self._raised = TransactionFailed(receipt, receipt.error)
            raise self._raised
        return receipt

    def try_send(
        self,
        *message: Instruction | Transaction,
        payer: KeyLike | None = None,
        signers: Sequence[KeyLike] | None = None,
    ) -> VmReceipt:
        """As `send`, but a failed transaction does not raise: the receipt has its error."""
        __tracebackhide__ = True
        transaction = message_of(
            message,
            None if payer is None else self.key(payer),
            None if signers is None else [self.key(signer) for signer in signers],
        )
        block = self.runtime.prepare([transaction])
        recorder = Recorder()
        if self.runtime.workers == 0:
            result = self.runtime.execute(block, recorder=recorder)
        else:
            result = execute_compared(self.runtime, block, recorder)
        self.last = self._receipt(transaction, result, recorder)
        return self.last

    def fails(self, error: Errors | str, *, account: str | None = None) -> Fails:
        """A context in which a send must fail with this error, about this account if given.

        `error`: a member of a program's errors or of InstructionErrors, or its name as in fixtures,
        `"token.InsufficientFunds"`. `account`: a parameter or an account.
        """
        return Fails(self, error, account)

    def execute(self, transactions: Sequence[Transaction]) -> Result:
        """Run many transactions as one block. Nothing is recorded, and failures do not raise."""
        return self.runtime.execute(transactions)

    @property
    def programs(self) -> ProgramSet:
        """The programs that the Vm knows."""
        return self.runtime.programs

    @property
    def touched(self) -> Access:
        """What the last transaction accessed and what it declared."""
        if self.last is None:
            raise UsageError("nothing was sent yet, so nothing was touched")
        return self.last.access

    def shown(self, text: str) -> str:
        """`text` with base58 keys replaced by their names."""
        return self._names.in_text(text)

    def raised(self, error: BaseException) -> bool:
        """Whether this exception was raised by this Vm's `send`."""
        return error is self._raised

    # Accounts

    def key(self, name: KeyLike) -> Pubkey:
        """The key of an account given by name, key or base58."""
        return self.runtime.resolve(name)

    def label(self, key: KeyLike, name: str) -> Pubkey:
        """Show a key under this name in reports, for example a derived address."""
        labelled = self.key(key)
        self._names.label(labelled, name)
        return labelled

    def account(self, name: KeyLike) -> Account:
        """The account's state; if it does not exist, empty and owned by the system program."""
        return self.runtime.account(name)

    def set_account(
        self,
        name: KeyLike,
        *,
        lamports: int | None = None,
        owner: KeyLike | Program | None = None,
        data: bytes | Layout = b"",
        executable: bool = False,
    ) -> Pubkey:
        """Set an account to any state, and return its key.

        The owner defaults to the program that lists the layout of `data`, else the system program;
        the lamports to the rent-exempt minimum, or 0 without data. Raises UsageError, asking for an
        owner, if several programs list the layout.
        """
        if lamports is None:
            lamports = self._rent_of(data)
        return self.runtime.set_account(
            name, lamports=lamports, owner=owner, data=data, executable=executable
        )

    def read(self, name: KeyLike, layout: type[L]) -> L:
        """The account's data as a value of this layout: a copy, which `set_account` accepts.

        Raises UsageError if another program owns the account or its data does not fit.
        """
        if not isinstance(layout, type) or not issubclass(layout, Layout):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
            raise UsageError(f"read {name!r} as a Layout, like CounterState, not as {layout!r}")
        account = self.account(name)
        shown = self._names.of(self.key(name))
        owners = usual_owners(layout, self.runtime.programs)
        if owners and account.owner not in owners:
            names = " or ".join(f"{name}.{layout.layout_name}" for name in owners.values())
            raise UsageError(
                f"{shown} is no {names}: it belongs to {self._names.of(account.owner)} and has "
                f"{len(account.data)} bytes of data"
            )
        if not layout.matches(account.data):
            raise UsageError(
                f"{shown} holds no {layout.layout_name}: it has {len(account.data)} bytes of data, "
                f"{bytes(account.data[:8]).hex() or 'none'} first"
            )
        return layout.decode(account.data)

    def airdrop(self, name: KeyLike, lamports: int) -> Pubkey:
        """Create lamports in an account, and return its key."""
        if type(lamports) is not int:
            raise UsageError(f"airdrop to {name!r}: lamports must be an integer, not {lamports!r}")
        before = self.account(name)
        return self.runtime.set_account(
            name,
            lamports=before.lamports + lamports,
            owner=before.owner,
            data=before.data,
            executable=before.executable,
        )

    # Time

    @property
    def clock(self) -> Clock:
        """Slot, epoch and time. Assign any Clock, or use `warp_to_slot` or `advance`."""
        return self.runtime.sysvars.clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self.runtime.sysvars = replace(self.runtime.sysvars, clock=clock)

    def warp_to_slot(self, slot: int) -> Clock:
        """Move the clock forward to a slot; epoch and time follow. Raises UsageError backward."""
        if type(slot) is not int:
            raise UsageError(f"slot must be an integer, not {slot!r}")
        if slot < self.clock.slot:
            raise UsageError(
                f"the clock stands at slot {self.clock.slot}, which is after {slot}; set vm.clock, "
                "or restore a snapshot, to go back"
            )
        self.clock = self.clock.at_slot(slot)
        return self.clock

    def advance(self, *, seconds: int = 0, slots: int = 0, epochs: int = 0) -> Clock:
        """Move the clock forward by time, by slots or to the start of a later epoch."""
        clock = self.clock
        if min(seconds, slots, epochs) < 0 or (seconds > 0) + (slots > 0) + (epochs > 0) != 1:
            raise UsageError("advance takes one of seconds, slots and epochs, above zero")
        if epochs:
            return self.warp_to_slot((clock.slot // SLOTS_PER_EPOCH + epochs) * SLOTS_PER_EPOCH)
        if seconds:
            ms = (clock.slot * SLOT_MS // _MS_PER_SECOND + seconds) * _MS_PER_SECOND
            slots = -(-ms // SLOT_MS) - clock.slot
        return self.warp_to_slot(clock.slot + slots)

    # State

    def snapshot(self) -> Snapshot:
        """The current state, to restore later; `with vm.snapshot():` restores it at the end."""
        return self.runtime.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of this Vm. Raises UsageError for a snapshot of another Vm."""
        self.runtime.restore(snapshot)

    def close(self) -> None:
        """Stop the workers. Safe to call twice."""
        self.runtime.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Vm at slot {self.clock.slot}, {self.sent} sent>"

    def _rent_of(self, data: object) -> int:
        """The rent-exempt minimum for this data; 0 without data."""
        raw = data.encode() if isinstance(data, Layout) else data
        # Anything else is not data; `set_account` raises for it.
        size = len(raw) if isinstance(raw, (bytes, bytearray)) else 0
        return self.runtime.sysvars.rent.minimum_balance(size) if size else 0

    def _receipt(self, transaction: Transaction, result: Result, recorder: Recorder) -> VmReceipt:
        recording = recorder.recordings[0]
        receipt = result.transactions[0]
        return VmReceipt(
            **{name: getattr(receipt, name) for name in Receipt.__dataclass_fields__},
            calls=tuple(recording.calls),
            access=access_of(transaction, recording, self._names, ok=receipt.ok),
            compute_limit=recording.compute_limit,
            tries=result.tries,
            names=self._names,
        )
