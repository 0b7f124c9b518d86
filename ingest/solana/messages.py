"""Reads one transaction of a `getBlock` answer, in any encoding, as a plain value.

Encodings: `json` (an object with a header), `jsonParsed` (an object whose account keys carry
their flags), `base64` and `base58` (a pair of data and encoding, or bare base58 text), and the
`accountKeys` form of transactionDetails "accounts".
Guarantees: the account keys are in message order (static, loaded writable, loaded read-only);
an unknown encoding raises an InputError that names it, an unknown version UnknownVersion, unless
the account keys carry their flags: those are the locks in any version. Does not: demote writes (see
locks.py), or decode keys given as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from ...primitives import InputError
from ...primitives.known_keys import VOTE_PROGRAM
from ...primitives.reserved_keys import BUILTIN_PROGRAMS
from ...wire.decoding import MessageHeader, UnknownVersion, check_header, decode_transaction
from ..files.json_values import (
    as_flag,
    as_integer,
    as_list,
    as_list_or_none,
    as_object,
    as_text,
    as_texts,
    shown,
)
from .encoded import SIGNATURE_TEXT, decode_wire_text, signature_text
from .instruction_data import InstructionData, read_data
from .locks import declared_writable
from .lookups import Loaded, count_listed, count_lookups, read_loaded, resolve

SIMPLE_VOTE_SIGNATURES_MAX: Final = 2
_BYTE_MAX: Final = 255
_LEGACY: Final = -1  # makes versions comparable; some encoders also write -1
_KNOWN_VERSION_MAX: Final = 1
_VOTE_SPELLINGS: Final[frozenset[bytes | str]] = frozenset((VOTE_PROGRAM, str(VOTE_PROGRAM)))
_OTHER_BUILTIN_SPELLINGS: Final[frozenset[bytes | str]] = frozenset(
    spelling for key in BUILTIN_PROGRAMS - {VOTE_PROGRAM} for spelling in (bytes(key), str(key))
)


class Invocation(NamedTuple):
    """A top-level instruction: the position of its program among the keys, and its data."""

    program: int
    data: InstructionData


class Message(NamedTuple):
    """The locks that a transaction declares, and the programs that it calls.

    `keys` are 32 raw bytes or base58 text, depending on the encoding; `writable` and `signer` have
    one flag per key. `instructions` is None if the form omits them. `signature` is the first one,
    in base58.
    """

    signature: str
    signature_count: int
    legacy: bool
    keys: list[bytes | str]
    writable: list[bool]
    signer: list[bool]
    instructions: list[Invocation] | None

    @property
    def invoked(self) -> list[int]:
        """The position of each instruction's program; empty if the form omits instructions."""
        return [] if self.instructions is None else [each.program for each in self.instructions]

    @property
    def is_simple_vote(self) -> bool:
        """The node's rule: legacy, at most two signatures, one instruction, to the vote program.

        Without instructions, the rule is that the vote program is the only built-in one among the
        keys.
        """
        if not self.legacy or self.signature_count > SIMPLE_VOTE_SIGNATURES_MAX:
            return False
        if self.instructions is None:
            return not _VOTE_SPELLINGS.isdisjoint(self.keys) and (
                _OTHER_BUILTIN_SPELLINGS.isdisjoint(self.keys)
            )
        calls = self.instructions
        return len(calls) == 1 and self.keys[calls[0].program] in _VOTE_SPELLINGS


def read_message(entry: dict[str, object], meta: dict[str, object]) -> Message:
    """The message of one entry of `transactions`. `meta` may be empty."""
    version = _read_version(entry.get("version"))
    transaction = entry.get("transaction")
    if isinstance(transaction, list | str):
        return _from_wire(decode_wire_text(entry), read_loaded(meta))
    transaction = as_object(transaction, "transaction")
    signatures = as_texts(transaction.get("signatures"), "transaction.signatures")
    if not signatures or not SIGNATURE_TEXT.fullmatch(signatures[0]):
        raise InputError("transaction.signatures: expected a signature in base58 first")
    if "accountKeys" in transaction:
        return _from_account_list(signatures, version, transaction)
    message = as_object(transaction.get("message"), "transaction.message")
    keys = account_keys(message)
    if keys and isinstance(keys[0], dict):
        return _from_parsed(signatures, version, message, meta)
    if version is not None and version > _KNOWN_VERSION_MAX:
        raise UnknownVersion(
            f"version {version} is not known here, only legacy, 0 and 1; "
            'in "encoding": "jsonParsed" its locks would be'
        )
    return _from_compiled(signatures, version, message, meta)


def _read_version(version: object) -> int | None:
    """The version as a number; None if the answer has none."""
    if version is None:
        return None
    if version == "legacy":
        return _LEGACY
    return as_integer(version, "version", low=_LEGACY, high=_BYTE_MAX)


def _from_wire(raw: bytes, loaded: Loaded | None) -> Message:
    try:
        wire = decode_transaction(raw)
    except InputError as error:
        raise type(error)(f"transaction: {error.message}") from error
    if not wire.signatures:
        raise InputError("transaction: no signatures")
    loaded = resolve(loaded, *wire.looked_up)
    return Message(
        signature_text(wire.signatures[0]),
        len(wire.signatures),
        wire.version is None,
        [*wire.keys, *loaded.writable, *loaded.readonly],
        _declared(wire.header, len(wire.keys), loaded),
        _signers(wire.header, len(wire.keys), loaded),
        [Invocation(each.program_index, each.data) for each in wire.instructions],
    )


def _from_compiled(
    signatures: list[str], version: int | None, message: dict[str, object], meta: dict[str, object]
) -> Message:
    """Encoding `json`: keys as text beside a header, instructions by index."""
    keys = as_texts(account_keys(message), "message.accountKeys")
    loaded, lookups = read_loaded(meta), count_lookups(message)
    listed = count_listed(keys, loaded, lookups, meta)
    static_count = len(keys) - listed
    if listed:
        writable_count = lookups[0] or len(loaded.writable if loaded else ())
        end = static_count + writable_count
        loaded = Loaded(keys[static_count:end], keys[end:])
    else:
        loaded = resolve(loaded, *lookups)
    header = read_header(message)
    check_header(header, static_count)
    keys = [*keys[:static_count], *loaded.writable, *loaded.readonly]
    return Message(
        signatures[0],
        len(signatures),
        _is_legacy(version, message),
        list(keys),
        _declared(header, static_count, loaded),
        _signers(header, static_count, loaded),
        _instructions(message, keys, static_count),
    )


def _from_parsed(
    signatures: list[str], version: int | None, message: dict[str, object], meta: dict[str, object]
) -> Message:
    """Encoding `jsonParsed`: each key with its flags, instructions by program key.

    Newer nodes list loaded accounts among the keys (`source: lookupTable`) and omit
    `loadedAddresses`; older ones list the static keys only. Archives list all of them with `source:
    transaction`, with or without `loadedAddresses`.
    """
    keys, writable, signer, any_loaded = _read_flagged(message, "message.accountKeys")
    loaded, lookups = read_loaded(meta), count_lookups(message)
    if not any_loaded and not count_listed(keys, loaded, lookups, meta):
        loaded = resolve(loaded, *lookups)
        keys += [*loaded.writable, *loaded.readonly]
        writable += [True] * len(loaded.writable) + [False] * len(loaded.readonly)
        signer += [False] * (len(keys) - len(signer))
    legacy = _is_legacy(version, message)
    calls = _instructions(message, keys, len(keys))
    return Message(signatures[0], len(signatures), legacy, keys, writable, signer, calls)


def account_keys(message: Mapping[str, object]) -> list[object]:
    """The account keys; web3.js calls them `staticAccountKeys`, from version 0 on."""
    name = "staticAccountKeys" if "staticAccountKeys" in message else "accountKeys"
    return as_list(message.get(name), f"message.{name}")


def _instructions(
    message: dict[str, object], keys: Sequence[bytes | str], static_count: int
) -> list[Invocation]:
    """The instructions, their programs given by key or by index."""
    place = "message.instructions"
    found: list[Invocation] = []
    for instruction in instructions_of(message):
        program = _program(instruction, keys, static_count, place)
        found.append(Invocation(program, read_data(instruction)))
    return found


def instructions_of(message: Mapping[str, object]) -> list[dict[str, object]]:
    """The instructions as they stand; web3.js calls them `compiledInstructions`."""
    name = "compiledInstructions" if "compiledInstructions" in message else "instructions"
    place = f"message.{name}"
    return [as_object(each, place) for each in as_list_or_none(message.get(name), place)]


def _program(
    instruction: dict[str, object], keys: Sequence[bytes | str], static_count: int, place: str
) -> int:
    if instruction.get("programId") is None:
        index = instruction.get("programIdIndex")
        return as_integer(index, f"{place}: programIdIndex", high=static_count - 1)
    program = as_text(instruction["programId"], f"{place}: programId")
    if program not in keys:
        raise InputError(f"{place}: {shown(program)} is not among the account keys")
    return keys.index(program)


def _from_account_list(
    signatures: list[str], version: int | None, transaction: dict[str, object]
) -> Message:
    """transactionDetails "accounts": the keys with their flags, no instructions."""
    keys, writable, signer, any_loaded = _read_flagged(transaction, "transaction.accountKeys")
    legacy = _is_legacy(version, transaction) and not any_loaded
    return Message(signatures[0], len(signatures), legacy, keys, writable, signer, None)


def _read_flagged(
    holder: dict[str, object], place: str
) -> tuple[list[bytes | str], list[bool], list[bool], bool]:
    keys: list[bytes | str] = []
    writable: list[bool] = []
    signer: list[bool] = []
    any_loaded = False
    for entry in as_list(holder.get("accountKeys"), place):
        account = as_object(entry, place)
        keys.append(as_text(account.get("pubkey"), f"{place}: pubkey"))
        writable.append(as_flag(account.get("writable"), f"{place}: writable"))
        signer.append(as_flag(account.get("signer"), f"{place}: signer"))
        any_loaded = any_loaded or account.get("source") == "lookupTable"
    return keys, writable, signer, any_loaded


def read_header(message: Mapping[str, object]) -> MessageHeader:
    header = as_object(message.get("header"), "message.header")
    # Encoders that omit zeros also omit counts, but there is always a signer.
    header = {"numReadonlySignedAccounts": 0, "numReadonlyUnsignedAccounts": 0, **header}
    required, readonly_signed, readonly_unsigned = (
        as_integer(header.get(name), f"message.header.{name}", high=_BYTE_MAX)
        for name in (
            "numRequiredSignatures",
            "numReadonlySignedAccounts",
            "numReadonlyUnsignedAccounts",
        )
    )
    return MessageHeader(required, readonly_signed, readonly_unsigned)


def _is_legacy(version: int | None, message: dict[str, object]) -> bool:
    """Whether it is a legacy message. Old answers have no version: then lookups mean version 0."""
    if version is None:
        return not message.get("addressTableLookups")
    return version == _LEGACY


def _declared(header: MessageHeader, static_count: int, loaded: Loaded) -> list[bool]:
    return declared_writable(header, static_count, len(loaded.writable), len(loaded.readonly))


def _signers(header: MessageHeader, static_count: int, loaded: Loaded) -> list[bool]:
    total = static_count + len(loaded.writable) + len(loaded.readonly)
    return [True] * header.required_signatures + [False] * (total - header.required_signatures)
