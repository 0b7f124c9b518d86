"""Builds calls of an instruction from Python values or from a fixture's. Runs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from ....primitives import AccountMeta, InputError, Instruction, ProgramFailure, Pubkey, UsageError
from ....primitives.pubkey import SeedError, has_key_bytes
from ..accounts.account import UncheckedAccount
from ..encoding.codec import RangeError, Resolve
from ..encoding.scalar_codecs import EnumCodec
from ..handlers.constraints import Scope
from ..handlers.parameters import AccountParameter, ArgumentParameter
from .traits import ProgramTraits

Keys = dict[str, tuple[Pubkey, ...]]


class CallBuilder:
    """Builds Instructions with one tag and one set of accounts and arguments."""

    def __init__(
        self,
        program: ProgramTraits,
        full_name: str,
        tag: bytes,
        accounts: tuple[AccountParameter, ...],
        arguments: tuple[ArgumentParameter, ...],
    ) -> None:
        self._program = program
        self._program_id = program.id
        self._full_name = full_name
        self._tag = tag
        self._accounts = accounts
        self._arguments = arguments
        # Computed once, as every call needs it.
        self._names = tuple(p.name for p in (*accounts, *arguments))
        self._needed_accounts = tuple(p.name for p in accounts if not p.dispensable)
        self._needed_arguments = tuple(p.name for p in arguments if not p.dispensable)
        self._known: Keys = {p.name: (p.known,) for p in accounts if p.known is not None}
        self._determined_accounts = tuple(
            p for p in accounts if not (p.name in self._known or p.optional or p.variadic)
        )

        # Most calls give all required accounts and no optional ones.
        single = [p for p in accounts if not (p.optional or p.variadic)]
        self._plain_len = len(single) + len(arguments)
        self._may_be_plain = not _leaves_gap(accounts)
        self._locks = tuple((p.name, _signs_among(p, single), p.writable, p.adds) for p in single)
        self._codecs = tuple((p.name, p.codec) for p in arguments)
        self._enums = {p.name: p.codec for p in arguments if isinstance(p.codec, EnumCodec)}

    def from_values(self, values: Mapping[str, Any]) -> Instruction:
        """Accounts as keys, names or views; arguments as Python values. Raises UsageError.

        A member of an Enum may be given by its name, as in a fixture.
        """
        if self._may_be_plain and len(values) == self._plain_len and not self._enums:
            built = self._from_plain_values(values)
            if built is not None:
                return built
        self.check_names(values, UsageError)
        given: Keys = {
            p.name: self._keys(p, values[p.name])
            for p in self._accounts
            if values.get(p.name) is not None
        }
        named = {name: codec.named(values.get(name)) for name, codec in self._enums.items()}
        members = {name: member for name, member in named.items() if member is not None}
        return self._instruction(given, {**values, **members} if members else values, UsageError)

    def from_json(self, values: Mapping[str, Any], resolve: Resolve) -> Instruction:
        """Accounts by name; arguments as their codecs read them. Raises InputError."""
        if self._may_be_plain and len(values) == self._plain_len:
            built = self._from_plain_json(values, resolve)
            if built is not None:
                return built
        self.check_names(values, InputError)
        given: Keys = {
            p.name: self._json_keys(p, values[p.name], resolve)
            for p in self._accounts
            if values.get(p.name) is not None
        }
        decoded: dict[str, Any] = {}
        for parameter in self._arguments:
            if parameter.name not in values:
                continue
            try:
                decoded[parameter.name] = parameter.codec.from_json(values[parameter.name], resolve)
            except InputError as error:
                raise self._error(InputError, f"{parameter.name}: {error.message}") from error
        return self._instruction(given, decoded, InputError)

    def _from_plain_values(self, values: Mapping[str, Any]) -> Instruction | None:
        """A fast path, as handlers call it: all arguments, and the required accounts as keys or
        views. None for any other call."""
        metas: list[AccountMeta] = []
        data = [self._tag]
        try:
            for name, signer, writable, adds in self._locks:
                key = values[name]
                if type(key) is not Pubkey:
                    if not isinstance(key, UncheckedAccount):
                        return None
                    key = key.key
                metas.append(AccountMeta(key, signer, writable, adds))
            for name, codec in self._codecs:
                data.append(codec.encode(values[name]))
        except (KeyError, RangeError):
            return None
        return Instruction(self._program_id, tuple(metas), b"".join(data), self._program)

    def _from_plain_json(self, values: Mapping[str, Any], resolve: Resolve) -> Instruction | None:
        """A fast path: a call with all arguments and exactly the required accounts, as strings.

        None for any other call. Files have hundreds of thousands of calls, nearly all of this form.
        """
        metas: list[AccountMeta] = []
        data = [self._tag]
        try:
            for name, signer, writable, adds in self._locks:
                word = values[name]
                if type(word) is not str:
                    return None
                metas.append(AccountMeta(resolve(word), signer, writable, adds))
            for name, codec in self._codecs:
                data.append(codec.encode(codec.from_json(values[name], resolve)))
        except (KeyError, InputError, RangeError):
            return None
        return Instruction(self._program_id, tuple(metas), b"".join(data), self._program)

    def metas(self, accounts: Mapping[str, Sequence[Pubkey]]) -> tuple[AccountMeta, ...]:
        """The access list for these keys by parameter name: the accounts to lock, and how."""
        metas: list[AccountMeta] = []
        length = 0
        for parameter in self._accounts:
            keys = accounts.get(parameter.name, ())
            if parameter.optional and not keys:
                metas.append(AccountMeta(self._program_id))
                continue
            signs = parameter.signer
            if parameter.signs is not None:
                unless = parameter.signs.unless
                signs = unless is None or not accounts.get(unless)
            rights = (signs, parameter.writable, parameter.adds)
            metas += [AccountMeta(key, *rights) for key in keys]
            length = len(metas)
        # Optional accounts omitted at the end need no placeholder.
        return tuple(metas[:length])

    def _instruction(
        self, given: Keys, arguments: Mapping[str, Any], error: type[InputError]
    ) -> Instruction:
        keys = self._completed(given, arguments, error)
        data = b"".join([self._encoded(p, arguments, error) for p in self._arguments])
        return Instruction(self._program_id, self.metas(keys), self._tag + data, self._program)

    def _completed(
        self, given: Keys, arguments: Mapping[str, Any], error: type[InputError]
    ) -> Keys:
        """The keys given and those that can be derived from them, also from derived ones."""
        keys = self._known | given
        pending = [p for p in self._determined_accounts if p.name not in keys]
        while pending:
            waiting = {p.name for p in pending}
            ready = (p for p in pending if not waiting & _needs(p))
            parameter = next(ready, pending[0])
            pending.remove(parameter)
            keys[parameter.name] = (self._determined(parameter, keys, arguments, error),)
        return keys

    def _determined(
        self,
        parameter: AccountParameter,
        given: Keys,
        arguments: Mapping[str, Any],
        error: type[InputError],
    ) -> Pubkey:
        """The key of an account that was not given but can be derived from the signature."""
        single = {name: keys[0] for name, keys in given.items() if keys}
        defaults = {p.name: p.default for p in self._arguments if p.has_default}
        scope = Scope(defaults | dict(arguments) | single, dict(self._codecs), self._program_id)
        for constraint in parameter.constraints:
            try:
                key = constraint.resolve(scope)
            except KeyError as missing:
                raise self._error(
                    error,
                    f"the account {parameter.name!r} cannot be derived: its seed "
                    f"{missing.args[0]!r} is not given; give it, or the account itself",
                ) from missing
            except (SeedError, ProgramFailure) as failed:
                raise self._error(
                    error, f"the account {parameter.name!r} cannot be derived: {failed}"
                ) from failed
            if key is not None:
                return key
        raise self._error(error, f"needs the account {parameter.name!r}")

    def _encoded(
        self, parameter: ArgumentParameter, values: Mapping[str, Any], error: type[InputError]
    ) -> bytes:
        try:
            return parameter.codec.encode(values.get(parameter.name, parameter.default))
        except RangeError as failed:
            raise self._error(error, f"{parameter.name}: {failed.detail}") from failed

    def check_names(self, values: Mapping[str, Any], error: type[InputError]) -> None:
        """Raise `error` unless these are the names of a call."""
        for name in values:
            if name not in self._names:
                raise self._error(error, f"has no {name!r}; it takes {', '.join(self._names)}")
        for name in self._needed_accounts:
            if values.get(name) is None:
                raise self._error(error, f"needs the account {name!r}")
        for name in self._needed_arguments:
            if name not in values:
                raise self._error(error, f"needs the argument {name!r}")

    def _keys(self, parameter: AccountParameter, value: Any) -> tuple[Pubkey, ...]:
        if not parameter.variadic:
            return (self._key(parameter, value),)
        if not isinstance(value, (list, tuple)):
            raise self._error(UsageError, f"{parameter.name!r} must be a list of accounts")
        return tuple(self._key(parameter, item) for item in cast("list[Any]", value))

    def _key(self, parameter: AccountParameter, value: Any) -> Pubkey:
        if type(value) is Pubkey:
            return value
        try:
            if isinstance(value, UncheckedAccount):
                return value.key
            if isinstance(value, (str, bytes)) or has_key_bytes(value):
                return Pubkey.of(value)
        except (ValueError, UsageError) as error:
            raise self._error(UsageError, f"{parameter.name}: {error}") from error
        raise self._error(
            UsageError,
            f"{parameter.name!r} must be a key, a name or an account view, "
            f"not {type(value).__name__}",
        )

    def _json_keys(
        self, parameter: AccountParameter, value: Any, resolve: Resolve
    ) -> tuple[Pubkey, ...]:
        several = parameter.variadic and isinstance(value, list)
        names: Sequence[Any] = cast("list[Any]", value) if several else [value]
        for name in names:
            if not isinstance(name, str):
                raise self._error(InputError, f"{parameter.name!r} must name an account")
        return tuple([resolve(name) for name in names])

    def _error(self, error: type[InputError], what: str) -> InputError:
        joint = " " if what.startswith(("has ", "needs ")) else ": "
        return error(f"{self._full_name}{joint}{what}")


def _needs(parameter: AccountParameter) -> set[str]:
    """The parameters from which this account's key is derived."""
    return {name for constraint in parameter.constraints for name in constraint.refers_to}


def _signs_among(parameter: AccountParameter, given: Sequence[AccountParameter]) -> bool:
    """Whether an account signs in a call with exactly these accounts."""
    if parameter.signs is None:
        return parameter.signer
    return parameter.signs.unless not in [p.name for p in given]


def _leaves_gap(accounts: Sequence[AccountParameter]) -> bool:
    """Whether an omitted optional account needs a placeholder, since accounts follow it."""
    optional = [parameter.optional for parameter in accounts]
    return any(is_optional and not all(optional[n:]) for n, is_optional in enumerate(optional))
