"""`ctx: Context`, the parameter that gives a handler access to the runtime."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Protocol

from ....primitives import Instruction, InstructionErrors, ProgramFailure, Pubkey
from ....primitives.pubkey import plain_bytes
from ..accounts.account import UncheckedAccount
from ..accounts.layout import Layout
from ..accounts.sysvars import Clock, Rent
from .frame import Frame, Seeds


class Runnable(Protocol):
    """The part of a program that a context needs."""

    def execute(self, frame: Frame) -> None: ...


class Context:
    """Clock, rent, compute units, logs, return data and nested calls of one instruction."""

    __slots__ = ("_frame",)

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def __repr__(self) -> str:
        # Programs may log it; the default repr's memory address would differ between processes.
        return f"<Context of {self._frame.program_name}>"

    @property
    def program_id(self) -> Pubkey:
        return self._frame.program_id

    @property
    def clock(self) -> Clock:
        return self._frame.host.sysvars.clock

    @property
    def rent(self) -> Rent:
        return self._frame.host.sysvars.rent

    @property
    def blockhashes(self) -> tuple[bytes, ...]:
        """The recent blockhashes, newest first."""
        return self._frame.host.sysvars.blockhashes

    @property
    def lamports_per_signature(self) -> int:
        """The fee per signature, in lamports, from the list of recent blockhashes."""
        return self._frame.host.sysvars.lamports_per_signature

    @property
    def units_left(self) -> int:
        """The compute units that the transaction may still use."""
        return self._frame.host.units_left

    @property
    def signers(self) -> frozenset[Pubkey]:
        """Every key that signed this instruction."""
        return self._frame.signers()

    @property
    def account_count(self) -> int:
        """The number of accounts of the instruction, including repeated ones."""
        return len(self._frame.accounts)

    def account(self, key: str | bytes) -> UncheckedAccount:
        """A declared account by key, with the rights declared for it.

        Raises MissingAccount if the instruction does not declare it.
        """
        wanted = Pubkey.of(key)
        found = self._frame.account(wanted)
        if found is None:
            raise self._frame.refuse_undeclared(wanted)
        return self._frame.view(UncheckedAccount, found, str(key), writable=True)

    def consume(self, units: int) -> None:
        """Charge compute units; beyond the limit the transaction fails."""
        self._frame.host.consume(units)

    def log(self, message: str) -> None:
        """Add `Program log: …` to the receipt."""
        self._frame.host.log(f"Program log: {message}")

    def emit(self, event: Layout) -> None:
        """Add an event to the receipt: `Program data: ` and the layout's bytes in base64."""
        raw = base64.b64encode(event.encode()).decode("ascii")
        self._frame.host.log(f"Program data: {raw}")

    def set_return_data(self, data: bytes) -> None:
        """Set the bytes returned to the caller, or in the receipt; at most 1024."""
        if not isinstance(data, (bytes, bytearray, memoryview)):  # pyright: ignore[reportUnnecessaryIsInstance] - bytes(5) would be five zeros
            what = f"return data must be bytes, not {type(data).__name__}"
            raise ProgramFailure(InstructionErrors.InvalidArgument, what)
        self._frame.host.set_return_data(self._frame.program_id, plain_bytes(data))

    def return_data(self) -> tuple[Pubkey, bytes] | None:
        """The data returned by the last nested call, and the program that returned it."""
        return self._frame.host.return_data()

    def invoke(self, instruction: Instruction, *, signer_seeds: Sequence[Seeds] = ()) -> None:
        """Call another program. If it fails, so does this transaction.

        The call gets no privileges that this instruction lacks, except that addresses derived from
        `signer_seeds` and this program sign it.
        """
        if type(instruction) is not Instruction:
            instruction = _plain_instruction(instruction)
        self._frame.host.invoke(self._frame, instruction, signer_seeds)

    def run(self, program: Runnable, data: bytes, *, first: int, count: int) -> None:
        """Run another instruction of the same program as a part of this one.

        It gets `count` of this instruction's accounts, starting at `first`, with their rights here.
        It is not a nested call: the runtime checks the instruction as a whole.
        """
        frame = self._frame
        accounts = frame.accounts[first : first + count]
        identity = (frame.program_name, frame.program_id)
        part = Frame(identity, accounts, data, frame.host, frame.depth)
        try:
            program.execute(part)
        finally:
            # A rule broken by the part fails the whole, even if a handler catches the error.
            frame.note_broken(part.broken)
            part.close()


def _plain_instruction(given: object) -> Instruction:
    """A plain Instruction made from one of any subclass; raises a clear error for anything else."""
    if isinstance(given, Instruction):
        return Instruction(given.program_id, given.accounts, given.data)
    name = getattr(given, "full_name", None)
    if isinstance(name, str):
        raise TypeError(f"{name} is not called: write ctx.invoke({name}(…))")
    kind = type(given).__name__
    raise AttributeError(
        f"{kind} has no program_id: ctx.invoke takes a call, like token.transfer(source=…)"
    )
