"""Interfaces of programs and instructions, for the modules that both are built on.

Program creates InstructionSpecs, which refer to their program, and both describe themselves. These
interfaces state what each needs from the other, so that imports run one way.
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
        """The purpose of the program, in a sentence."""
        ...

    @property
    def errors(self) -> type[Errors] | None:
        """The program's named errors."""
        ...

    @property
    def compute_units(self) -> int:
        """Compute units charged for each instruction before it runs."""
        ...

    @property
    def invalid_data(self) -> Errors:
        """The error for instruction data that does not decode."""
        ...

    @property
    def exact_data(self) -> bool:
        """Whether trailing bytes after the last argument are invalid data."""
        ...

    @property
    def too_few_accounts(self) -> Errors:
        """The error for a call with fewer accounts than the handler takes."""
        ...

    @property
    def data_growth_max(self) -> int:
        """The number of bytes by which one instruction may grow an account."""
        ...

    @property
    def trusted(self) -> bool:
        """Whether its handlers terminate and never crash a process."""
        ...


class InstructionTraits(Protocol):
    """The declaration of an instruction."""

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
        """The prefix of its data."""
        ...

    @property
    def handler(self) -> Callable[..., None]: ...

    @property
    def accounts(self) -> tuple[AccountParameter, ...]: ...

    @property
    def arguments(self) -> tuple[ArgumentParameter, ...]: ...

    @property
    def compute_units(self) -> int:
        """Compute units charged in addition to the program's."""
        ...

    @property
    def account_count_min(self) -> int:
        """The minimum number of accounts of a call."""
        ...


class ListedProgram(ProgramTraits, Protocol):
    """A program with its instructions."""

    @property
    def instructions(self) -> Mapping[str, InstructionTraits]: ...
