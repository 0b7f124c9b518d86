"""Marks beside the type of a parameter or field, and the short forms that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeVar

from ....primitives import Pubkey

T = TypeVar("T")


class Writable:
    """Marks an account parameter as locked for writing; see Mut."""


class Argument:
    """Marks a layout as argument, not account; see Arg."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Calls that are built mark the account as signer; the handler checks signatures itself.

    For programs with checks that come before the one for signatures. With `unless`, only when
    the list parameter of that name is empty (an owner that is a multisig account).
    """

    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Calls that are built take the account of this key or name, when they name no other.

    The handler is given whatever account the instruction has there, and checks it.
    """

    key: str | bytes

    @property
    def name(self) -> str:
        """The key as text."""
        return self.key if isinstance(self.key, str) else str(Pubkey(self.key))


Mut = Annotated[T, Writable()]
Arg = Annotated[T, Argument()]


@dataclass(frozen=True, slots=True)
class OptionTag:
    """How the tag of an optional value lies in the bytes."""

    size: int
    fixed_size: bool
