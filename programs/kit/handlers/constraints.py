"""Constraints on an account that are checked before its handler runs, written beside its type.

    vault: Annotated[Mut[Vault], Seeds(b"vault", "authority"), HasOne("authority")]
    mint: Annotated[Mint, Owner("token")]
    rent: Annotated[UncheckedAccount, Address("rent")]
    target: Annotated[Mut[Vault], Distinct("vault")]

Checked in the order of the parameters, and of the marks on each, once all accounts are bound. A
caller may omit an account whose key `Address` or `Seeds` determines.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ....primitives import Errors, InstructionErrors, ProgramFailure, Pubkey
from ....primitives.pubkey import SeedError, SeedErrorCode, plain_bytes
from ..accounts.account import UncheckedAccount
from ..encoding.byte_codecs import BytesCodec
from ..encoding.codec import Codec
from ..encoding.scalar_codecs import IntCodec

_BUMP = IntCodec(1)


@dataclass(frozen=True, slots=True)
class Scope:
    """The values by name that a constraint may read: the handler's, or those of a call being built.

    `codecs` are those of the arguments, which give an integer seed its declared size.
    """

    values: Mapping[str, Any]
    codecs: Mapping[str, Codec]
    program_id: Pubkey

    def seed(self, name: str) -> bytes:
        """A parameter's value as a seed.

        Raises KeyError if it is not given, SeedError for an omitted account.
        """
        value = self.values[name]
        codec = self.codecs.get(name)
        if codec is None and value is None:
            left_out = f"has the seed {name!r}, which is left out"
            raise SeedError(left_out, SeedErrorCode.InvalidSeeds)
        if codec is None:
            return bytes(value.key if isinstance(value, UncheckedAccount) else Pubkey.of(value))
        if isinstance(codec, BytesCodec):  # also text: a seed has no length prefix
            return str.encode(value) if isinstance(value, str) else plain_bytes(value)
        return codec.encode(value)


class Named(Protocol):
    """The part of a program that `Owner` needs."""

    @property
    def name(self) -> str: ...

    @property
    def id(self) -> Pubkey: ...


class Constraint(ABC):
    """A condition on one account parameter. `error` is the error that a transaction fails with."""

    def __init__(self, error: Errors) -> None:
        self.error = error

    @property
    def refers_to(self) -> tuple[str, ...]:
        """The other parameters that the condition refers to."""
        return ()

    @property
    def in_words(self) -> str:
        """The condition in words, as a continuation of the account's name."""
        return type(self).__name__

    @abstractmethod
    def broken(self, view: Any, scope: Scope) -> str | None:
        """The reason why the condition does not hold, or None."""

    def resolve(self, scope: Scope) -> Pubkey | None:
        """The key that the account must have, if the condition determines it.

        Raises KeyError with the name of a required value that is not given.
        """
        del scope
        return None


class Owner(Constraint):
    """The account must be owned by this program: a Program, or its name or key.

    With a layout, it selects the program whose accounts are accepted. See ownership.py.
    """

    def __init__(
        self,
        program: str | bytes | Named,
        *,
        error: Errors = InstructionErrors.InvalidAccountOwner,
    ) -> None:
        super().__init__(error)
        self.owner = Pubkey.of(program) if isinstance(program, (str, bytes)) else program.id
        if isinstance(program, bytes):
            self.name = str(self.owner)
        else:
            self.name = program if isinstance(program, str) else program.name

    @property
    def in_words(self) -> str:
        return f"belongs to {self.name}"

    def broken(self, view: Any, scope: Scope) -> str | None:
        return None if view.owner == self.owner else f"belongs to {view.owner}, not {self.owner}"


class Address(Constraint):
    """The account must have this key (or the key of this name)."""

    def __init__(
        self, key: str | bytes, *, error: Errors = InstructionErrors.InvalidArgument
    ) -> None:
        super().__init__(error)
        self.key = Pubkey.of(key)
        self.name = key if isinstance(key, str) else str(self.key)

    @property
    def in_words(self) -> str:
        return f"is {self.name}"

    def broken(self, view: Any, scope: Scope) -> str | None:
        return None if view.key == self.key else f"is {view.key}, must be {self.key}"

    def resolve(self, scope: Scope) -> Pubkey | None:
        return self.key


class HasOne(Constraint):
    """The account's field of this name must hold the key of the parameter of the same name."""

    def __init__(
        self,
        name: str,
        *,
        field: str | None = None,
        error: Errors = InstructionErrors.IncorrectAuthority,
    ) -> None:
        super().__init__(error)
        self.name = name
        self.field = field or name

    @property
    def refers_to(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def in_words(self) -> str:
        return f"has the key of {self.name} in its field {self.field}"

    def broken(self, view: Any, scope: Scope) -> str | None:
        other = scope.values[self.name]
        if other is None:
            return f"needs {self.name!r}, which is left out"
        held, given = getattr(view, self.field), other.key
        return None if held == given else f"has {self.field} {held}, {self.name!r} is {given}"


class Distinct(Constraint):
    """The account must not be the same as another parameter's."""

    def __init__(
        self, name: str, *, error: Errors = InstructionErrors.DuplicateAccountIndex
    ) -> None:
        super().__init__(error)
        self.name = name

    @property
    def refers_to(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def in_words(self) -> str:
        return f"is another account than {self.name}"

    def broken(self, view: Any, scope: Scope) -> str | None:
        other = scope.values[self.name]
        if other is None or view.key != other.key:
            return None
        return f"is the same account as {self.name!r}"


class Seeds(Constraint):
    """The account's key must derive from these seeds and the running program.

    A seed is bytes, or the name of a parameter, which gives an account's key, an integer's
    little-endian bytes of its declared size, or bytes or text unchanged. `bump` names an argument,
    or a field of the account, that holds the bump; without it the bump is searched from 255 down.
    """

    def __init__(
        self,
        *seeds: bytes | str,
        bump: str | None = None,
        error: Errors = InstructionErrors.InvalidSeeds,
    ) -> None:
        super().__init__(error)
        self.seeds = seeds
        self.bump = bump

    @property
    def refers_to(self) -> tuple[str, ...]:
        return tuple(seed for seed in self.seeds if isinstance(seed, str))

    @property
    def in_words(self) -> str:
        return f"its key derives from {', '.join(map(_seed_in_words, self.seeds))}"

    def broken(self, view: Any, scope: Scope) -> str | None:
        try:
            if self.bump is None:
                derived, _ = Pubkey.find_program_address(self._raw(scope), scope.program_id)
            else:
                given = self.bump in scope.values
                bump = scope.values[self.bump] if given else getattr(view, self.bump)
                seeds = [*self._raw(scope), _BUMP.encode(bump)]
                derived = Pubkey.create_program_address(seeds, scope.program_id)
        except SeedError as error:
            return str(error)
        return None if derived == view.key else f"is {view.key}, its seeds derive {derived}"

    def resolve(self, scope: Scope) -> Pubkey | None:
        return Pubkey.find_program_address(self._raw(scope), scope.program_id)[0]

    def _raw(self, scope: Scope) -> list[bytes]:
        return [seed if isinstance(seed, bytes) else scope.seed(seed) for seed in self.seeds]


def _seed_in_words(seed: bytes | str) -> str:
    """A parameter's name unchanged; bytes as a Python literal."""
    return seed if isinstance(seed, str) else repr(seed)


def check_constraints(
    constraints: Sequence[Constraint], name: str, view: UncheckedAccount, scope: Scope
) -> None:
    """Raise the error of the first broken constraint, with parameter, account and reason."""
    for constraint in constraints:
        reason = constraint.broken(view, scope)
        if reason is not None:
            raise ProgramFailure(constraint.error, f"{name!r} {reason}", account=str(view.key))
