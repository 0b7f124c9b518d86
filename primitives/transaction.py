"""Transactions as people write them: plain objects, turned into a block's columns at the edge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple, cast

from .errors import UsageError
from .one_line import counted, in_one_line, shortened
from .pubkey import KeyLike, Pubkey, name_of, plain_bytes
from .solders_values import instruction_values, transaction_values

_CALLS_SHOWN_MAX = 2


class AccountMeta(NamedTuple):
    """One account of an instruction, with the access that is declared for it.

    `adds`: the account is only added to, which includes that it is writable. Two transactions that
    only add to an account do not conflict.
    """

    key: Pubkey
    signer: bool = False
    writable: bool = False
    adds: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Instruction:
    """A call of `program_id` on `accounts`, with its arguments in the program's wire encoding.

    `program` is the Python program that built this, if one did; a runtime that does not know the
    program yet learns it from here. It is ignored in comparisons. Pickling refers to it by its name
    in its module; a program that no module holds is left out.
    Keys may be given as names. Raises UsageError for arguments that make no instruction.
    """

    program_id: Pubkey
    accounts: tuple[AccountMeta, ...]
    data: bytes = b""
    program: object = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if type(self.program_id) is not Pubkey:
            object.__setattr__(self, "program_id", _key(self.program_id, "program_id"))
        if type(self.data) is not bytes:
            object.__setattr__(self, "data", _data(self.data))
        if type(self.accounts) is not tuple or not all(map(_is_plain, self.accounts)):
            object.__setattr__(self, "accounts", _metas(self.accounts))

    @classmethod
    def from_solders(cls, instruction: object) -> Instruction:
        """The same call, of a solders Instruction. Raises UsageError for anything else."""
        program_id, accounts, data = instruction_values(instruction)
        return cls(program_id, tuple(AccountMeta(*meta) for meta in accounts), data)

    def __reduce__(self) -> tuple[Any, ...]:
        named = importable_name(self.program)
        return _unpickled, (self.program_id, self.accounts, self.data, named)

    def __deepcopy__(self, memo: object) -> Instruction:
        return self  # nothing in it changes

    def __repr__(self) -> str:
        accounts, data = len(self.accounts), len(self.data)
        return in_one_line(
            f"Instruction {self.called}: {counted(accounts, 'account')}, {counted(data, 'byte')}"
        )

    @property
    def called(self) -> str:
        """`token.transfer`, as far as the program is known; for people."""
        find = getattr(self.program, "find_instruction", None)
        spec = None if find is None else find(self.data)
        return f"of {_shown(self.program_id)}" if spec is None else str(spec.full_name)


def _shown(key: Pubkey) -> str:
    return shortened(name_of(key) or str(key), 20)


def importable_name(program: object) -> tuple[str, str] | None:
    """The module that made a program, and the name it has there; None if it has none."""
    find = getattr(program, "_importable_name", None)
    return None if find is None else find()


def imported_program(named: tuple[str, str]) -> object:
    """The program of this importable name."""
    return getattr(import_module(named[0]), named[1])


def _unpickled(
    program_id: Pubkey,
    accounts: tuple[AccountMeta, ...],
    data: bytes,
    program: tuple[str, str] | None,
) -> Instruction:
    found = None if program is None else imported_program(program)
    return Instruction(program_id, accounts, data, found)


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Transaction:
    """Instructions that take effect together or not at all.

    `payer` (a key or a name) pays the fee and signs; by default the first signer named in the
    instructions. `fee` in lamports; None leaves it to the block's fee per signature.
    `id` names the transaction in receipts; None becomes `t` and its position.
    `cost` weighs it in plans (compute units where known); None counts as 1.
    A transaction without instructions that names `writes`, `reads` and `adds` (accounts that it
    only adds to: two adds do not conflict) can be planned, not run.
    """

    instructions: tuple[Instruction, ...]
    payer: Pubkey | None
    id: str | None
    fee: int | None
    cost: int | None
    writes: tuple[Pubkey, ...]
    reads: tuple[Pubkey, ...]
    adds: tuple[Pubkey, ...]

    def __init__(
        self,
        instructions: Sequence[Instruction] = (),
        *,
        payer: KeyLike | None = None,
        id: str | None = None,  # noqa: A002 - the field's word
        fee: int | None = None,
        cost: int | None = None,
        writes: Sequence[KeyLike] = (),
        reads: Sequence[KeyLike] = (),
        adds: Sequence[KeyLike] = (),
    ) -> None:
        calls = _instructions(instructions)
        paying = _first_signer(calls) if payer is None else _key(payer, "payer")
        object.__setattr__(self, "instructions", calls)
        object.__setattr__(self, "payer", paying)
        object.__setattr__(self, "id", None if id is None else _id(id))
        object.__setattr__(self, "fee", fee)
        object.__setattr__(self, "cost", cost)
        object.__setattr__(self, "writes", _keys(writes, "writes"))
        object.__setattr__(self, "reads", _keys(reads, "reads"))
        object.__setattr__(self, "adds", _keys(adds, "adds"))

    @classmethod
    def from_solders(cls, transaction: object) -> Transaction:
        """The same transaction, of a solders Transaction, VersionedTransaction or message.

        Its id is the first signature, where it is signed; signatures are not checked. Accounts that
        it locks and no instruction names are in `writes` and `reads`. Raises UsageError for
        anything else, and for a message that takes accounts from address lookup tables.
        """
        values = transaction_values(transaction)
        calls = [
            Instruction(
                each.program_id, tuple(AccountMeta(*meta) for meta in each.accounts), each.data
            )
            for each in values.instructions
        ]
        return cls(
            calls, payer=values.payer, id=values.id, writes=values.writes, reads=values.reads
        )

    @property
    def plan_only(self) -> bool:
        """Whether this only names its locks, so that it can be planned but not run."""
        return not self.instructions and bool(self.writes or self.reads or self.adds)

    def __repr__(self) -> str:
        name = "" if self.id is None else f" {shortened(self.id, 20)}"
        payer = "" if self.payer is None else f", paid by {_shown(self.payer)}"
        return in_one_line(f"Transaction{name}: {self._does()}{payer}")

    def _does(self) -> str:
        if self.plan_only:
            added = f", {len(self.adds):,} added to" if self.adds else ""
            return f"locks alone, {len(self.writes):,} written, {len(self.reads):,} read{added}"
        calls = [call.called for call in self.instructions[:_CALLS_SHOWN_MAX]]
        rest = len(self.instructions) - len(calls)
        return ", ".join([*calls, *[f"{rest:,} more"] * (rest > 0)]) or "no instructions"


def _first_signer(instructions: Sequence[Instruction]) -> Pubkey | None:
    for instruction in instructions:
        for meta in instruction.accounts:
            if meta.signer:
                return meta.key
    return None


# Mistakes are reported where they were made: later they would be errors about columns.


def _is_plain(meta: AccountMeta) -> bool:
    return (
        type(meta) is AccountMeta
        and type(meta.key) is Pubkey
        and type(meta.signer) is bool
        and type(meta.writable) is bool
        and (meta.adds is False or (meta.adds is True and meta.writable))
    )


def _metas(accounts: object) -> tuple[AccountMeta, ...]:
    if not isinstance(accounts, (tuple, list)) or isinstance(accounts, AccountMeta):
        raise UsageError(f"accounts must be a list of AccountMeta, not {_kind(accounts)}")
    return tuple(_meta(meta, f"accounts[{n}]") for n, meta in enumerate(cast(list[Any], accounts)))


def _meta(meta: object, what: str) -> AccountMeta:
    if not isinstance(meta, AccountMeta):
        raise UsageError(f"{what} must be AccountMeta(key, signer, writable), not {_kind(meta)}")
    adds = bool(meta.adds)
    writable = adds or bool(meta.writable)
    return AccountMeta(_key(meta.key, f"{what}.key"), bool(meta.signer), writable, adds)


def _instructions(given: object) -> tuple[Instruction, ...]:
    if type(given) not in (list, tuple) and not _is_list(given):
        raise UsageError(
            f"a Transaction takes a list of instructions, like [token.transfer(…)], not "
            f"{_kind(given)}"
        )
    calls = tuple(cast(Iterable[Instruction], given))
    for place, call in enumerate(calls):
        if not isinstance(call, Instruction):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not check types
            raise UsageError(f"instructions[{place}] is no instruction but {_kind(call)}")
    return calls


def _is_list(given: object) -> bool:
    single = isinstance(given, (Instruction, Transaction, str, bytes))
    return not single and isinstance(given, Iterable)


def _keys(given: object, what: str) -> tuple[Pubkey, ...]:
    if given == ():
        return ()
    if not _is_list(given):
        raise UsageError(f"{what} must be a list of accounts, not {_kind(given)}")
    return tuple([_key(key, what) for key in cast(Iterable[Any], given)])


def _key(given: Any, what: str) -> Pubkey:
    try:
        return Pubkey.of(given)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{what}: {error}") from error


def _data(given: object) -> bytes:
    try:
        return plain_bytes(given)
    except TypeError:
        remedy = "; encode it first" if isinstance(given, str) else ""
        raise UsageError(f"data must be bytes, not {_kind(given)}{remedy}") from None


def _id(given: object) -> str:
    if not isinstance(given, str):
        raise UsageError(f"id must be text, not {given!r}")
    try:
        str.encode(given)
    except UnicodeEncodeError as error:
        raise UsageError(f"id {given!r} is no Unicode text: {error.reason}") from error
    return str.__str__(given)


def _kind(value: object) -> str:
    """The kind of a value, in words; never an object's address."""
    name = getattr(value, "full_name", None)
    if isinstance(name, str):  # an instruction of a program, not called
        return f"{name} itself: call it with its accounts and arguments, {name}(…)"
    return type(value).__name__
