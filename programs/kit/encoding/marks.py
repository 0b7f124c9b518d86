"""Marks beside the type of a parameter or field, and the short forms that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeVar

from ....primitives import Pubkey

T = TypeVar("T")


class Writable:
    """Marks an account parameter as locked for writing; see Mut."""


@dataclass(frozen=True, slots=True)
class Added:
    """Marks an account parameter as only added to; see Adds.

    `by_rule`: only in blocks that are built with the rule `adds`; see Credits.
    """

    by_rule: bool = False


class Argument:
    """Marks a layout as argument, not account; see Arg."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Built calls mark the account as a signer; the handler checks signatures itself.

    For programs that check other things before signatures. With `unless`, only when
    the list parameter of that name is empty (an owner that is a multisig account).
    """

    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Built calls use the account with this key or name unless they name another.

    The handler is given whichever account the instruction has there, and checks it.
    """

    key: str | bytes

    @property
    def name(self) -> str:
        """The key as text."""
        return self.key if isinstance(self.key, str) else str(Pubkey(self.key))


Mut = Annotated[T, Writable()]
Adds = Annotated[T, Writable(), Added()]
Credits = Annotated[T, Writable(), Added(by_rule=True)]
Arg = Annotated[T, Argument()]


@dataclass(frozen=True, slots=True)
class OptionTag:
    """How the tag of an optional value is encoded."""

    size: int
    fixed_size: bool
