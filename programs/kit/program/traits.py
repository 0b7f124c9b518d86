"""What is read of a program and of an instruction by those that either is made of.

Program makes InstructionSpecs, which know their program; both describe themselves. These say what
each needs of the other, so that imports run one way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from ....primitives import Errors
from ..handlers.ownership import Lister
from ..handlers.parameters import AccountParameter, ArgumentParameter


class ProgramTraits(Lister, Protocol):
    """A program's name, key, layouts and settings, without its instructions."""

    @property
    def about(self) -> str:
        """In a sentence, what the program is for."""
        ...

    @property
    def errors(self) -> type[Errors] | None:
        """Its own named errors."""
        ...

    @property
    def compute_units(self) -> int:
        """Charged for each instruction before it runs."""
        ...

    @property
    def invalid_data(self) -> Errors:
        """The error for instruction data that does not decode."""
        ...

    @property
    def exact_data(self) -> bool:
        """Whether bytes behind the last argument are such data."""
        ...

    @property
    def too_few_accounts(self) -> Errors:
        """The error for a call that names fewer accounts than the handler takes."""
        ...

    @property
    def data_growth_max(self) -> int:
        """Bytes by which one instruction may grow an account."""
        ...

    @property
    def trusted(self) -> bool:
        """Whether its handlers end and never take a process down."""
        ...


class InstructionTraits(Protocol):
    """What an instruction declares."""

    @property
    def program(self) -> ProgramTraits: ...

    @property
    def program_name(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def full_name(self) -> str:
        """`program.instruction`."""
        ...

    @property
    def tag(self) -> bytes:
        """What its data begins with."""
        ...

    @property
    def handler(self) -> Callable[..., None]: ...

    @property
    def accounts(self) -> tuple[AccountParameter, ...]: ...

    @property
    def arguments(self) -> tuple[ArgumentParameter, ...]: ...

    @property
    def compute_units(self) -> int:
        """Charged beside the program's own."""
        ...

    @property
    def account_count_min(self) -> int:
        """How many accounts a call names at least."""
        ...


class ListedProgram(ProgramTraits, Protocol):
    """A program with its instructions."""

    @property
    def instructions(self) -> Mapping[str, InstructionTraits]: ...
