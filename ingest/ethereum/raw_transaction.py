"""A signed transaction as it travels: what its bytes say, and its hash.

Reads legacy transactions and the typed envelopes of EIP-2930, 1559, 4844 (also with its blobs) and
7702; of other types, as rollups have them, only the hash is known. Does not: recover the
sender from the signature, so it stays open. Sources: the EIPs of these numbers, and EIP-2718.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from ...primitives import InputError
from ...primitives.keccak import keccak, keccak_hex
from .hex_values import U64_BITS
from .keys import StateKey
from .model import TransactionFacts
from .rlp import RlpItem, as_rlp_bytes, as_rlp_integer, as_rlp_list, decode_rlp_list, encode_rlp
from .signed import Signed

RAW_LEN_MAX: Final = 2 << 20  # nodes accept 128 KiB, and a megabyte with blobs
SELECTOR_LEN: Final = 4
_LEGACY_FROM: Final = 0xC0  # the first byte of a list; a type is below 0x80
_TYPE_MAX: Final = 0x7F
_BLOB_TYPE: Final = 3
_SET_CODE_TYPE: Final = 4
_AUTHORIZATIONS: Final = 9  # where they stand in a transaction of that type
_ADDRESS_LENS: Final = (0, 20)


class _Form(NamedTuple):
    """Where the fields of a type stand; `width` fields in all, an access list or none."""

    width: int
    nonce: int
    gas: int
    access_list: int | None = None

    @property
    def to(self) -> int:
        return self.gas + 1

    @property
    def data(self) -> int:
        return self.gas + 3


_FORMS: Final = {
    0: _Form(9, nonce=0, gas=2),
    1: _Form(11, nonce=1, gas=3, access_list=7),
    2: _Form(12, nonce=1, gas=4, access_list=8),
    3: _Form(14, nonce=1, gas=4, access_list=8),
    4: _Form(13, nonce=1, gas=4, access_list=8),
}


class RawTransaction(NamedTuple):
    """`hints`: the slots of its access list, each with the address's own keys left open."""

    facts: TransactionFacts
    hints: tuple[StateKey, ...] = ()


def read_raw_transaction(raw: bytes, place: str) -> RawTransaction:
    """Raises InputError, naming the field, for bytes that are no transaction."""
    if not raw or _TYPE_MAX < raw[0] < _LEGACY_FROM:
        found = f"the first byte is {raw[0]:#x}" if raw else "no bytes"
        raise InputError(f"{place}: expected a signed transaction, but {found}")
    kind = 0 if raw[0] >= _LEGACY_FROM else raw[0]
    form = _FORMS.get(kind)
    if form is None:
        return RawTransaction(TransactionFacts(hash=keccak_hex(raw)))
    fields = decode_rlp_list(raw[1:] if kind else raw, place)
    if kind == _BLOB_TYPE and fields and not isinstance(fields[0], bytes):
        fields = fields[0]  # as it is sent round, with blobs, which its hash leaves out
        raw = bytes([kind]) + encode_rlp(fields)
    if len(fields) != form.width:
        raise InputError(
            f"{place}: {len(fields)} fields; a transaction of type {kind} has {form.width}"
        )
    facts = _facts(fields, form, keccak_hex(raw), place)
    facts = replace(facts, signed=Signed.of_rlp(kind, fields, place))
    return RawTransaction(facts, _hints(fields, form, place))


def selector_of(data: bytes) -> str | None:
    """The method that a call's data names; None if it is too short for one."""
    return None if len(data) < SELECTOR_LEN else "0x" + data[:SELECTOR_LEN].hex()


def created_address(sender: str, nonce: int) -> str:
    """The address of the contract that a transaction creates.

    >>> created_address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", 0)
    '0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d'
    """
    digits = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    return "0x" + keccak(encode_rlp([bytes.fromhex(sender[2:]), digits]))[12:].hex()


def _facts(fields: Sequence[RlpItem], form: _Form, own_hash: str, place: str) -> TransactionFacts:
    to = as_rlp_bytes(fields[form.to], f"{place}: to", _ADDRESS_LENS)
    data = as_rlp_bytes(fields[form.data], f"{place}: data")
    return TransactionFacts(
        hash=own_hash,
        to="0x" + to.hex() if to else None,
        creates=not to,
        selector=selector_of(data) if to else None,
        gas_limit=as_rlp_integer(fields[form.gas], f"{place}: gas limit", bits=U64_BITS),
        nonce=as_rlp_integer(fields[form.nonce], f"{place}: nonce", bits=U64_BITS),
        authorizes=form is _FORMS[_SET_CODE_TYPE]
        and bool(as_rlp_list(fields[_AUTHORIZATIONS], f"{place}: authorizations")),
    )


def _hints(fields: Sequence[RlpItem], form: _Form, place: str) -> tuple[StateKey, ...]:
    if form.access_list is None:
        return ()
    hints: list[StateKey] = []
    for entry in as_rlp_list(fields[form.access_list], f"{place}: access list"):
        parts = as_rlp_list(entry, f"{place}: access list")
        if len(parts) != 2:
            raise InputError(f"{place}: access list: expected an address and slots in each entry")
        address = as_rlp_bytes(parts[0], f"{place}: access list: address", (20,))
        for slot in as_rlp_list(parts[1], f"{place}: access list: slots"):
            digits = as_rlp_bytes(slot, f"{place}: access list: slot", (32,))
            hints.append(StateKey.slot("0x" + address.hex(), int.from_bytes(digits, "big")))
    return tuple(hints)
