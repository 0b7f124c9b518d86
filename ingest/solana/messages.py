"""One transaction of a `getBlock` answer, whichever encoding it came in, as one plain value.

Encodings: `json` (an object with a header), `jsonParsed` (an object whose account keys carry
their flags), `base64` and `base58` (a pair of data and encoding, or bare base58 text), and the
`accountKeys` form of transactionDetails "accounts".
Guarantees: the account keys are in message order (static, loaded writable, loaded read-only);
a version or encoding that is not known is an InputError that names it.
Does not: demote writes (see locks), or decode keys that came as text.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ...primitives import InputError
from .encoded import SIGNATURE_TEXT, decode_wire_text, signature_text
from .json_values import as_flag, as_integer, as_list, as_object, as_text, as_texts, shown
from .locks import BUILTIN_PROGRAMS, VOTE_PROGRAM, declared_writable
from .lookups import Loaded, count_lookups, read_loaded, resolve
from .wire import MessageHeader, check_header, decode_transaction

SIMPLE_VOTE_SIGNATURES_MAX: Final = 2
_BYTE_MAX: Final = 255
_VOTE_SPELLINGS: Final[frozenset[bytes | str]] = frozenset((VOTE_PROGRAM, str(VOTE_PROGRAM)))
_OTHER_BUILTIN_SPELLINGS: Final[frozenset[bytes | str]] = frozenset(
    spelling for key in BUILTIN_PROGRAMS - {VOTE_PROGRAM} for spelling in (bytes(key), str(key))
)


class Message(NamedTuple):
    """What a transaction says about its locks.

    `keys` are 32 raw bytes or base58 text, as the encoding has them; `writable` and `signer`
    have one flag a key. `invoked` has the position of each instruction's program, and is None
    where the form leaves the instructions out. `signature` is the first, in base58.
    """

    signature: str
    signature_count: int
    legacy: bool
    keys: list[bytes | str]
    writable: list[bool]
    signer: list[bool]
    invoked: list[int] | None

    @property
    def is_simple_vote(self) -> bool:
        """The node's rule: legacy, at most two signatures, one instruction, of the vote program.

        Without instructions to look at, the vote program as the only built-in one stands in.
        """
        if not self.legacy or self.signature_count > SIMPLE_VOTE_SIGNATURES_MAX:
            return False
        if self.invoked is None:
            return not _VOTE_SPELLINGS.isdisjoint(self.keys) and (
                _OTHER_BUILTIN_SPELLINGS.isdisjoint(self.keys)
            )
        return len(self.invoked) == 1 and self.keys[self.invoked[0]] in _VOTE_SPELLINGS


def read_message(entry: dict[str, object], meta: dict[str, object]) -> Message:
    """The message of one entry of `transactions`. `meta` may be empty."""
    version = entry.get("version")
    if version not in (None, "legacy", 0):
        raise InputError(f"version: {shown(version)} is not known; known are legacy and 0")
    transaction = entry.get("transaction")
    loaded = read_loaded(meta)
    if isinstance(transaction, list | str):
        return _from_wire(decode_wire_text(entry), loaded)
    transaction = as_object(transaction, "transaction")
    signatures = as_texts(transaction.get("signatures"), "transaction.signatures")
    if not signatures or not SIGNATURE_TEXT.fullmatch(signatures[0]):
        raise InputError("transaction.signatures: expected a signature in base58 first")
    if "accountKeys" in transaction:
        return _from_account_list(signatures, version, transaction)
    message = as_object(transaction.get("message"), "transaction.message")
    keys = as_list(message.get("accountKeys"), "message.accountKeys")
    if keys and isinstance(keys[0], dict):
        return _from_parsed(signatures, version, message, loaded)
    return _from_compiled(signatures, version, message, loaded)


def _from_wire(raw: bytes, loaded: Loaded | None) -> Message:
    try:
        wire = decode_transaction(raw)
    except InputError as error:
        raise InputError(f"transaction: {error.message}") from error
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
        [instruction.program_index for instruction in wire.instructions],
    )


def _from_compiled(
    signatures: list[str], version: object, message: dict[str, object], loaded: Loaded | None
) -> Message:
    """Encoding `json`: keys as text beside a header, instructions by index."""
    keys = as_texts(message.get("accountKeys"), "message.accountKeys")
    header = _read_header(message)
    check_header(header, len(keys))
    loaded = resolve(loaded, *count_lookups(message))
    return Message(
        signatures[0],
        len(signatures),
        _is_legacy(version, message),
        [*keys, *loaded.writable, *loaded.readonly],
        _declared(header, len(keys), loaded),
        _signers(header, len(keys), loaded),
        [
            as_integer(
                as_object(instruction, "message.instructions").get("programIdIndex"),
                "message.instructions: programIdIndex",
                high=len(keys) - 1,
            )
            for instruction in as_list(message.get("instructions"), "message.instructions")
        ],
    )


def _from_parsed(
    signatures: list[str], version: object, message: dict[str, object], loaded: Loaded | None
) -> Message:
    """Encoding `jsonParsed`: each key with its flags, instructions by program key.

    Newer nodes list loaded accounts among the keys (`source: lookupTable`) and leave
    `loadedAddresses` out; older ones list the static keys only.
    """
    keys, writable, signer, any_loaded = _read_flagged(message, "message.accountKeys")
    if not any_loaded:
        loaded = resolve(loaded, *count_lookups(message))
        keys += [*loaded.writable, *loaded.readonly]
        writable += [True] * len(loaded.writable) + [False] * len(loaded.readonly)
        signer += [False] * (len(keys) - len(signer))
    positions = {key: position for position, key in enumerate(keys)}
    invoked: list[int] = []
    for instruction in as_list(message.get("instructions"), "message.instructions"):
        program = as_text(
            as_object(instruction, "message.instructions").get("programId"),
            "message.instructions: programId",
        )
        if program not in positions:
            raise InputError(
                f"message.instructions: {shown(program)} is not among the account keys"
            )
        invoked.append(positions[program])
    legacy = _is_legacy(version, message)
    return Message(signatures[0], len(signatures), legacy, keys, writable, signer, invoked)


def _from_account_list(
    signatures: list[str], version: object, transaction: dict[str, object]
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


def _read_header(message: dict[str, object]) -> MessageHeader:
    header = as_object(message.get("header"), "message.header")
    required, readonly_signed, readonly_unsigned = (
        as_integer(header.get(name), f"message.header.{name}", high=_BYTE_MAX)
        for name in (
            "numRequiredSignatures",
            "numReadonlySignedAccounts",
            "numReadonlyUnsignedAccounts",
        )
    )
    return MessageHeader(required, readonly_signed, readonly_unsigned)


def _is_legacy(version: object, message: dict[str, object]) -> bool:
    """Old answers carry no version: then only a version 0 message has lookups."""
    if version is None:
        return message.get("addressTableLookups") is None
    return version == "legacy"


def _declared(header: MessageHeader, static_count: int, loaded: Loaded) -> list[bool]:
    return declared_writable(header, static_count, len(loaded.writable), len(loaded.readonly))


def _signers(header: MessageHeader, static_count: int, loaded: Loaded) -> list[bool]:
    total = static_count + len(loaded.writable) + len(loaded.readonly)
    return [True] * header.required_signatures + [False] * (total - header.required_signatures)
