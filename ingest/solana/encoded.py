"""Decodes the text of a transaction: a pair of data and encoding, or bare base58.

Does not: interpret the bytes (see wire/decoding.py), except for the signature that identifies a
transaction in errors.
"""

from __future__ import annotations

import re
from typing import Final, cast

import base58

from ...primitives import InputError
from ...primitives.literals import LiteralError, read_base64
from ...primitives.pubkey import encode_base58
from ...wire.decoding import SIGNATURE_LEN
from ..files.json_values import as_texts, shown

# Decoding base58 takes quadratic time. The longest transaction of any version has 4,096 bytes.
BASE58_TEXT_LEN_MAX: Final = 5_600
SIGNATURE_TEXT: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{64,88}")


def decode_wire_text(entry: dict[str, object]) -> bytes:
    """The wire bytes of an entry in base64 or base58."""
    transaction = entry["transaction"]
    if isinstance(transaction, str):
        return from_base58(transaction)
    pair = as_texts(transaction, "transaction")
    if len(pair) != 2:
        raise InputError("transaction: expected a pair of data and encoding")
    data, encoding = pair
    if encoding == "base58":
        return from_base58(data)
    if encoding != "base64":
        raise InputError(f"transaction: encoding {shown(encoding)} is not known: base64 or base58")
    try:
        return read_base64(data)
    except LiteralError as error:
        raise InputError(f"transaction: not base64: {error}") from error


def name_entry(entry: object) -> str | None:
    """The first signature of a possibly corrupt entry, for errors; None if unreadable."""
    if not isinstance(entry, dict):
        return None
    transaction = cast("dict[str, object]", entry).get("transaction")
    try:
        if isinstance(transaction, dict):
            named = cast("dict[str, object]", transaction).get("signatures")
            signature = as_texts(named, "signatures")[0]
            return signature if SIGNATURE_TEXT.fullmatch(signature) else None
        raw = decode_wire_text(cast("dict[str, object]", entry))
    except (InputError, LookupError):
        return None
    has_signature = len(raw) > SIGNATURE_LEN and 0 < raw[0] < 0x80
    return signature_text(raw[1 : 1 + SIGNATURE_LEN]) if has_signature else None


def signature_text(raw: bytes) -> str:
    return encode_base58(raw)


def from_base58(text: str) -> bytes:
    """The bytes of a transaction or a part of one. Raises InputError."""
    if len(text) > BASE58_TEXT_LEN_MAX:
        raise InputError(
            f"transaction: {len(text)} base58 digits, {BASE58_TEXT_LEN_MAX} at most; "
            'request the block with "encoding": "base64"'
        )
    try:
        return base58.b58decode(text)
    except ValueError as error:
        raise InputError(f"transaction: not base58: {error}") from error
