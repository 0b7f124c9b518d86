"""What a recorded transaction did, as far as a node says: instructions with accounts, tokens.

Read on demand, for one transaction at a time: a plan needs nothing of it, and reading it takes as
long as the rest of a block. Does not: judge what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple, cast

from ...primitives import InputError, Pubkey
from ...primitives.integers import U64_MAX
from ...primitives.literals import LiteralError, read_base64
from ...wire.decoding import decode_transaction
from ..files.json_values import as_integer, as_list, as_list_or_none, as_object, as_text
from .encoded import decode_wire_text
from .instruction_data import decoded, read_data

_INNER: Final = "meta.innerInstructions"


class ShownCall(NamedTuple):
    """An instruction. `program` and `accounts` are positions among the transaction's accounts.

    None for what the answer does not say: the accounts of an instruction that the node parsed
    (`jsonParsed`), or data of an unknown spelling.
    """

    program: int | None
    accounts: tuple[int, ...] | None
    data: bytes | None


class TokenAmount(NamedTuple):
    """The tokens that an account holds before and after the transaction; None: it is no token
    account then. `program` owns it, None where that is not recorded."""

    mint: str
    program: str | None
    before: int | None
    after: int | None


class Shown(NamedTuple):
    """What one transaction did. `calls`: its instructions. `nested`: the calls that each of them
    made, by its position; None if they were not recorded. `tokens`: by account position."""

    calls: list[ShownCall]
    nested: Mapping[int, list[ShownCall]] | None
    tokens: Mapping[int, TokenAmount]


class Evidence(NamedTuple):
    """The parts of an answer from which `Shown` is read. `version`: the transaction's."""

    version: object
    transaction: object
    nested: object
    tokens_before: object
    tokens_after: object

    @classmethod
    def of(cls, entry: Mapping[str, object], meta: Mapping[str, object]) -> Evidence:
        return cls(
            entry.get("version"),
            entry.get("transaction"),
            meta.get("innerInstructions"),
            meta.get("preTokenBalances"),
            meta.get("postTokenBalances"),
        )

    def read(self, keys: Sequence[Pubkey]) -> Shown | None:
        """What the transaction did; None if the answer omits instructions.

        `keys`: the transaction's accounts. Raises InputError for what no node answers.
        """
        calls = self.calls(keys)
        if calls is None:
            return None
        return Shown(calls, _nested(self.nested, keys), self._tokens(len(keys)))

    def calls(self, keys: Sequence[Pubkey]) -> list[ShownCall] | None:
        """The instructions alone; None if the answer omits them. Raises InputError."""
        transaction = self.transaction
        if not isinstance(transaction, dict):
            encoded: dict[str, object] = {"transaction": transaction}
            wire = decode_transaction(decode_wire_text(encoded))
            return [
                ShownCall(each.program_index, tuple(each.accounts), each.data)
                for each in wire.instructions
            ]
        message = cast("dict[str, object]", transaction).get("message")
        if message is None:  # transactionDetails "accounts"
            return None
        fields = as_object(message, "message")
        name = "compiledInstructions" if "compiledInstructions" in fields else "instructions"
        return _each(partial(_call, keys=keys), fields.get(name), f"message.{name}")

    def _tokens(self, count: int) -> Mapping[int, TokenAmount]:
        before = _amounts(self.tokens_before, "meta.preTokenBalances", count)
        after = _amounts(self.tokens_after, "meta.postTokenBalances", count)
        return {
            index: (before.get(index) or after[index])._replace(
                before=before[index].before if index in before else None,
                after=after[index].before if index in after else None,
            )
            for index in before | after
        }


def _nested(value: object, keys: Sequence[Pubkey]) -> Mapping[int, list[ShownCall]] | None:
    if value is None:
        return None
    nested: dict[int, list[ShownCall]] = {}
    for entry in as_list(value, _INNER):
        fields = as_object(entry, _INNER)
        index = as_integer(fields.get("index", 0), f"{_INNER}: index")
        calls = _each(partial(_call, keys=keys), fields.get("instructions"), _INNER)
        nested.setdefault(index, []).extend(calls)
    return nested


def _each(
    read: Callable[[dict[str, object], str], ShownCall], value: object, place: str
) -> list[ShownCall]:
    return [read(as_object(each, place), place) for each in as_list_or_none(value, place)]


def _call(fields: dict[str, object], place: str, *, keys: Sequence[Pubkey]) -> ShownCall:
    program = fields.get("programId")
    if isinstance(program, str):
        index = _position(program, keys)
    else:
        index = as_integer(
            fields.get("programIdIndex"), f"{place}: programIdIndex", high=len(keys) - 1
        )
    return ShownCall(index, _accounts(fields, keys, place), decoded(read_data(fields)))


def _accounts(
    fields: dict[str, object], keys: Sequence[Pubkey], place: str
) -> tuple[int, ...] | None:
    given = fields.get("accounts", fields.get("accountKeyIndexes"))
    if given is None:
        return None
    if isinstance(given, str):  # how Go writes a byte slice
        given = list(_base64(given, f"{place}: accounts"))
    named = as_list(given, f"{place}: accounts")
    return tuple(_account(each, keys, place) for each in named)


def _account(value: object, keys: Sequence[Pubkey], place: str) -> int:
    if not isinstance(value, str):
        return as_integer(value, f"{place}: accounts", high=len(keys) - 1)
    position = _position(value, keys)
    if position is None:
        raise InputError(f"{place}: accounts: one is not among the account keys")
    return position


def _position(text: str, keys: Sequence[Pubkey]) -> int | None:
    try:
        return list(keys).index(Pubkey.from_base58(text))
    except ValueError:
        return None


def _base64(text: str, place: str) -> bytes:
    try:
        return read_base64(text)
    except LiteralError as error:
        raise InputError(f"{place}: not base64: {error}") from error


def _amounts(value: object, place: str, count: int) -> dict[int, TokenAmount]:
    """By account position; the amount stands in `before`."""
    amounts: dict[int, TokenAmount] = {}
    for entry in as_list_or_none(value, place):
        fields = as_object(entry, place)
        # Encoders that omit zeros omit the index of the first account.
        index = as_integer(fields.get("accountIndex", 0), f"{place}: accountIndex", high=count - 1)
        held = as_object(fields.get("uiTokenAmount"), f"{place}: uiTokenAmount")
        amount = as_integer(held.get("amount"), f"{place}: amount", high=U64_MAX)
        program = fields.get("programId")
        amounts[index] = TokenAmount(
            as_text(fields.get("mint"), f"{place}: mint"),
            program if isinstance(program, str) else None,
            amount,
            None,
        )
    return amounts
