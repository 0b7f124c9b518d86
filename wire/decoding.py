"""Decodes Solana transactions in wire format: bytes in, a plain value out.

Guarantees: never reads past the end; every error is an InputError with the byte offset and what was
expected there; the result is consistent (header, indexes and counts agree), as the node's own
sanitize step requires; takes time and memory linear in the bytes. Does not: verify signatures,
resolve lookup tables, decode arguments, bound the length.

Format: compact-u16 count and signatures (64 bytes each), then the message. A legacy message starts
with its header; a version 0 message starts with byte 0x80 and ends with table lookups. A version 1
transaction (SIMD-0385) starts with byte 0x81 and has plain counts, no lookups, and its signatures
last.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ..primitives import InputError
from ..primitives.pubkey import PUBKEY_LEN

SIGNATURE_LEN: Final = 64
HASH_LEN: Final = 32
ACCOUNTS_MAX: Final = 256  # account indexes are single bytes
# Source: "Transaction Constraints" of SIMD-0385.
VERSION_1_ACCOUNTS_MAX: Final = 64
VERSION_1_INSTRUCTIONS_MAX: Final = 64
_CONFIG_VALUE_LEN: Final = 4  # one value for each bit set in the mask
_VERSION_BIT: Final = 0x80
_CONTINUATION_BIT: Final = 0x80
_COMPACT_U16_BYTES_MAX: Final = 3


class UnknownVersion(InputError):
    """The transaction's version is unknown, so the rest of it cannot be decoded."""


class MessageHeader(NamedTuple):
    """How the static keys divide: signers first, and within each part writable ones first."""

    required_signatures: int
    readonly_signed: int
    readonly_unsigned: int


class WireInstruction(NamedTuple):
    """An instruction: `program_index` and each byte of `accounts` index the transaction's keys."""

    program_index: int
    accounts: bytes
    data: bytes


class TableLookup(NamedTuple):
    """Accounts taken from a lookup table, one index byte each."""

    table: bytes
    writable: bytes
    readonly: bytes


class WireMessage(NamedTuple):
    """A decoded message. `version` is None for a legacy message; keys are 32 bytes each."""

    version: int | None
    header: MessageHeader
    keys: tuple[bytes, ...]
    recent_blockhash: bytes
    instructions: tuple[WireInstruction, ...]
    lookups: tuple[TableLookup, ...]


class WireTransaction(NamedTuple):
    """A decoded transaction: signatures, and the parts of its message."""

    signatures: tuple[bytes, ...]
    version: int | None
    header: MessageHeader
    keys: tuple[bytes, ...]
    recent_blockhash: bytes
    instructions: tuple[WireInstruction, ...]
    lookups: tuple[TableLookup, ...]

    @property
    def looked_up(self) -> tuple[int, int]:
        """The number of accounts that the tables add: writable, read-only."""
        return _looked_up(self.lookups)


def _looked_up(lookups: tuple[TableLookup, ...]) -> tuple[int, int]:
    return (
        sum(len(lookup.writable) for lookup in lookups),
        sum(len(lookup.readonly) for lookup in lookups),
    )


def decode_transaction(raw: bytes) -> WireTransaction:
    """Decode exactly one transaction. Raises InputError, also for trailing bytes."""
    reader = _Reader(raw)
    # No transaction has 128 signatures, so a high bit means a version, not a long count.
    begins_with_version = raw[:1] >= b"\x80"
    transaction = (_read_version_1 if begins_with_version else _read_earlier)(reader)
    _require_end(reader)
    _check(transaction)
    return transaction


def decode_message(raw: bytes, start: int = 0) -> WireMessage:
    """Decode the legacy or version 0 message that begins at `start` and takes the rest of `raw`.

    Raises InputError.
    """
    reader = _Reader(raw, start)
    message = _read_message(reader)
    _require_end(reader)
    _check_message(message)
    return message


def _require_end(reader: _Reader) -> None:
    if reader.offset != len(reader.raw):
        raise InputError(f"byte {reader.offset}: expected the end, found more bytes")


def _read_earlier(reader: _Reader) -> WireTransaction:
    """Decode a legacy or version 0 transaction."""
    signatures = reader.blocks(reader.count("signature count"), SIGNATURE_LEN, "signatures")
    return WireTransaction(signatures, *_read_message(reader))


def _read_message(reader: _Reader) -> WireMessage:
    version = _read_version(reader)
    header = _read_header(reader)
    keys = reader.blocks(reader.count("account key count"), PUBKEY_LEN, "account keys")
    blockhash = reader.take(HASH_LEN, "recent blockhash")
    instructions = _read_instructions(reader)
    lookups = () if version is None else _read_lookups(reader)
    return WireMessage(version, header, keys, blockhash, instructions, lookups)


def _read_version_1(reader: _Reader) -> WireTransaction:
    version = reader.byte("version") & ~_VERSION_BIT
    if version != 1:
        raise _unknown_version(0, version)
    header = _read_header(reader)
    mask = int.from_bytes(reader.take(4, "config mask"), "little")
    blockhash = reader.take(HASH_LEN, "recent blockhash")
    instruction_count = reader.bounded("instruction count", VERSION_1_INSTRUCTIONS_MAX)
    key_count = reader.bounded("account key count", VERSION_1_ACCOUNTS_MAX)
    keys = reader.blocks(key_count, PUBKEY_LEN, "account keys")
    reader.take(mask.bit_count() * _CONFIG_VALUE_LEN, "config values")
    heads = [
        (
            reader.byte("program index"),
            reader.byte("instruction account count"),
            int.from_bytes(reader.take(2, "instruction data length"), "little"),
        )
        for _ in range(instruction_count)
    ]
    instructions = [
        WireInstruction(
            program,
            reader.take(account_count, "instruction accounts"),
            reader.take(data_len, "instruction data"),
        )
        for program, account_count, data_len in heads
    ]
    signatures = reader.blocks(header.required_signatures, SIGNATURE_LEN, "signatures")
    return WireTransaction(signatures, 1, header, keys, blockhash, tuple(instructions), ())


def check_header(header: MessageHeader, static_count: int) -> None:
    """Refuse a header that the node's sanitize step refuses for this number of static keys."""
    required, readonly_signed, readonly_unsigned = header
    if required + readonly_unsigned > static_count:
        raise InputError(
            f"header: {required} signers and {readonly_unsigned} read-only others "
            f"among {static_count} account keys"
        )
    if readonly_signed >= required:
        raise InputError(
            f"header: {readonly_signed} read-only of {required} signers: "
            "the first signer pays the fee, so it must be writable"
        )


class _Reader:
    """A cursor over bytes that raises at the end."""

    __slots__ = ("offset", "raw")

    def __init__(self, raw: bytes, offset: int = 0) -> None:
        self.raw = raw
        self.offset = offset

    def take(self, length: int, what: str) -> bytes:
        start = self.offset
        end = start + length
        if end > len(self.raw):
            raise InputError(
                f"byte {start}: expected {what} ({length} bytes), "
                f"found {len(self.raw) - start} bytes before the end"
            )
        self.offset = end
        return self.raw[start:end]

    def byte(self, what: str) -> int:
        return self.take(1, what)[0]

    def bounded(self, what: str, most: int) -> int:
        """Read a count of one byte."""
        start, count = self.offset, self.byte(what)
        if count > most:
            raise InputError(f"byte {start}: expected {what} up to {most}, found {count}")
        return count

    def blocks(self, count: int, size: int, what: str) -> tuple[bytes, ...]:
        raw = self.take(count * size, what)
        return tuple([raw[start : start + size] for start in range(0, len(raw), size)])

    def count(self, what: str) -> int:
        """Read a compact-u16: seven bits per byte, lowest first, in the shortest form."""
        start, raw = self.offset, self.raw
        if start < len(raw) and raw[start] < _CONTINUATION_BIT:  # nearly always
            self.offset = start + 1
            return raw[start]
        value = 0
        for position in range(_COMPACT_U16_BYTES_MAX):
            byte = self.byte(what)
            if byte == 0 and position > 0:
                raise InputError(f"byte {start}: expected {what}, found an overlong compact-u16")
            value |= (byte & ~_CONTINUATION_BIT) << 7 * position
            if byte < _CONTINUATION_BIT:
                break
        else:
            raise InputError(f"byte {start}: expected {what}, found a compact-u16 over 3 bytes")
        if value > 0xFFFF:
            raise InputError(f"byte {start}: expected {what} up to 65535, found {value}")
        return value


def _read_header(reader: _Reader) -> MessageHeader:
    return MessageHeader(
        reader.byte("numRequiredSignatures"),
        reader.byte("numReadonlySignedAccounts"),
        reader.byte("numReadonlyUnsignedAccounts"),
    )


def _read_version(reader: _Reader) -> int | None:
    start = reader.offset
    first = reader.byte("message version or header")
    if first < _VERSION_BIT:
        reader.offset = start
        return None
    if first != _VERSION_BIT:
        raise _unknown_version(start, first & ~_VERSION_BIT)
    return 0


def _unknown_version(offset: int, version: int) -> UnknownVersion:
    return UnknownVersion(
        f"byte {offset}: expected a legacy message, version 0 or 1, "
        f"found version {version}, which is not known here"
    )


def _read_instructions(reader: _Reader) -> tuple[WireInstruction, ...]:
    return tuple(
        [
            WireInstruction(
                reader.byte("program index"),
                reader.take(reader.count("instruction account count"), "instruction accounts"),
                reader.take(reader.count("instruction data length"), "instruction data"),
            )
            for _ in range(reader.count("instruction count"))
        ]
    )


def _read_lookups(reader: _Reader) -> tuple[TableLookup, ...]:
    return tuple(
        [
            TableLookup(
                reader.take(PUBKEY_LEN, "lookup table key"),
                reader.take(reader.count("writable index count"), "writable indexes"),
                reader.take(reader.count("readonly index count"), "readonly indexes"),
            )
            for _ in range(reader.count("lookup count"))
        ]
    )


def _check(transaction: WireTransaction) -> None:
    _check_message(WireMessage(*transaction[1:]))
    signature_count = len(transaction.signatures)
    if signature_count != transaction.header.required_signatures:
        raise InputError(
            f"{signature_count} signatures, "
            f"the header requires {transaction.header.required_signatures}"
        )


def _check_message(message: WireMessage) -> None:
    static_count = len(message.keys)
    check_header(message.header, static_count)
    total = static_count + sum(_looked_up(message.lookups))
    if total > ACCOUNTS_MAX:
        raise InputError(f"{total} accounts, {ACCOUNTS_MAX} at most")
    for position, instruction in enumerate(message.instructions):
        if instruction.program_index >= static_count:
            raise InputError(
                f"instruction {position}: program index {instruction.program_index}, "
                f"there are {static_count} static account keys"
            )
        if instruction.accounts and max(instruction.accounts) >= total:
            raise InputError(
                f"instruction {position}: account index {max(instruction.accounts)}, "
                f"there are {total} accounts"
            )
