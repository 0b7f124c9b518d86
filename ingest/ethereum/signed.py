"""What the sender of a transaction signed, ready to be verified against that sender.

Reads legacy transactions, with a chain's number (EIP-155) and without, and those of EIP-2930, 1559,
4844 and 7702, from what nodes answer in JSON and from raw transactions. Guarantees: nothing is
hashed before it is asked for; a transaction whose signature is not shown is named, with the reason.
Does not: verify, or look at the authorizations in a transaction, which others signed.

Sources: the EIPs of these numbers, and EIP-2, which forbids large `s` from the fork Homestead on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Final, NamedTuple

from ...primitives.keccak import keccak
from ...signatures.block_signatures import BlockSignatures, SignerChecks, Unchecked
from ...signatures.schemes import Scheme, SignatureCheck
from ...signatures.secp256k1 import GROUP_ORDER, S_MAX
from ..files.json_values import as_list, as_list_or_none, as_object
from .hex_values import as_address, as_data, as_quantity
from .rlp import RlpItem, as_rlp_integer, encode_rlp

HOMESTEAD: Final = 1_150_000  # the number of mainnet's first block with a bound on `s`
_PLAIN_V: Final = (27, 28)
_CHAIN_V: Final = 35  # and more: twice the chain's number, and the parity
_WORD: Final = 32
_NOT_SHOWN: Final = (
    "its signature is not shown; ask for the block with eth_getBlockByNumber, its transactions in "
    "full"
)

_BEFORE: Final = ("chainId", "nonce")
_CALL: Final = ("gas", "to", "value", "input")
_FEES: Final = ("maxPriorityFeePerGas", "maxFeePerGas")
# What is signed of each type, in order.
LAYOUTS: Final = {
    0: ("nonce", "gasPrice", *_CALL),
    1: (*_BEFORE, "gasPrice", *_CALL, "accessList"),
    2: (*_BEFORE, *_FEES, *_CALL, "accessList"),
    3: (*_BEFORE, *_FEES, *_CALL, "accessList", "maxFeePerBlobGas", "blobVersionedHashes"),
    4: (*_BEFORE, *_FEES, *_CALL, "accessList", "authorizationList"),
}
_OTHER_NAMES: Final = {"gas": "gasLimit", "input": "data", "yParity": "v"}


class NotShown(Exception):
    """What was signed cannot be known."""


class SignedDigest(NamedTuple):
    """`digest`: what was signed, 32 bytes. `r`, `s`, `recovery_id`: its signature; an id above 1 is
    of none. `may_be_large`: whether a large `s` counts in blocks before Homestead."""

    digest: bytes
    r: int
    s: int
    recovery_id: int
    may_be_large: bool

    def check(self, sender: str, number: int | None) -> SignatureCheck:
        """That an address signed it. `number`: the block's."""
        s, recovery_id = self.s, self.recovery_id
        if self.may_be_large and S_MAX < s < GROUP_ORDER and number is not None:
            # The same signature with a small s, as the rule has it from Homestead on.
            s, recovery_id = (GROUP_ORDER - s, 1 - recovery_id) if number < HOMESTEAD else (s, 0)
        last = bytes((recovery_id,)) if 0 <= recovery_id <= 0xFF else b""
        signature = self.r.to_bytes(_WORD, "big") + s.to_bytes(_WORD, "big") + last
        address = bytes.fromhex(sender[2:])
        return SignatureCheck(Scheme.SECP256K1, address, self.digest, signature)


class Signed:
    """A signed transaction, read when it is asked for. Equal if digest and signature are."""

    def __init__(self, read: Callable[[], SignedDigest]) -> None:
        self._read = read

    @classmethod
    def of_json(cls, fields: Mapping[str, object], place: str) -> Signed | None:
        """What a node or a test says of a transaction; None if that has no signature."""
        if fields.get("r") is None or fields.get("s") is None:
            return None
        return cls(partial(_of_json, fields, place))

    @classmethod
    def of_rlp(cls, kind: int, fields: Sequence[RlpItem], place: str) -> Signed:
        """A transaction of a known type, from its fields, the signature among them."""
        return cls(partial(_of_rlp, kind, fields, place))

    @cached_property
    def digest(self) -> SignedDigest:
        """Raises NotShown, and InputError for a malformed transaction."""
        return self._read()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Signed) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"signed digest 0x{self.digest.digest.hex()}"


class SignedBy(NamedTuple):
    """A transaction of a block: its id, what was signed and by whom, where that is known."""

    transaction: str
    sender: str | None
    signed: Signed | None


def block_signatures(transactions: Sequence[SignedBy], number: int | None) -> BlockSignatures:
    """What to verify of a block with this number. Raises InputError for a malformed transaction."""
    signers: list[SignerChecks] = []
    unchecked: list[Unchecked] = []
    for name, sender, signed in transactions:
        if sender is None or signed is None:
            reason = _NOT_SHOWN if signed is None else "its sender is not said, to compare with"
            unchecked.append(Unchecked(name, reason))
            continue
        try:
            check = signed.digest.check(sender, number)
        except NotShown as why:
            unchecked.append(Unchecked(name, str(why)))
        else:
            signers.append(SignerChecks(name, sender, (check,)))
    return BlockSignatures(tuple(signers), tuple(unchecked))


def _of_json(fields: Mapping[str, object], place: str) -> SignedDigest:
    read = _Fields(fields, place)
    kind = read.integer("type") if fields.get("type") is not None else 0
    layout = LAYOUTS.get(kind)
    if layout is None:
        raise NotShown(f"transactions of type {kind:#x} are not known here")
    items = [read.item(name) for name in layout]
    parity = read.integer("v") if kind == 0 else read.integer("yParity")
    found = _signed(kind, items, parity, read.integer("r"), read.integer("s"))
    told_apart = "v" in fields and kind != 0 and read.integer("v") != parity
    chain = None if fields.get("chainId") is None or kind else read.integer("chainId")
    if told_apart or (chain is not None and parity >= _CHAIN_V and chain != _chain_of(parity)):
        return found._replace(recovery_id=-1)  # two fields say the same, and one was altered
    return found


def _of_rlp(kind: int, fields: Sequence[RlpItem], place: str) -> SignedDigest:
    width = len(LAYOUTS[kind])
    parity, r, s = (as_rlp_integer(each, f"{place}: v, r, s") for each in fields[width:])
    return _signed(kind, list(fields[:width]), parity, r, s)


def _signed(kind: int, items: list[RlpItem], parity: int, r: int, s: int) -> SignedDigest:
    if kind:
        digest = keccak(bytes((kind,)) + encode_rlp(items))
        return SignedDigest(digest, r, s, parity, may_be_large=False)
    if parity in _PLAIN_V:
        return SignedDigest(keccak(encode_rlp(items)), r, s, parity - _PLAIN_V[0], True)
    if parity < _CHAIN_V:
        return SignedDigest(keccak(encode_rlp(items)), r, s, -1, may_be_large=False)
    items = [*items, _digits(_chain_of(parity)), b"", b""]
    recovery_id = (parity - _CHAIN_V) % 2
    return SignedDigest(keccak(encode_rlp(items)), r, s, recovery_id, may_be_large=False)


def _chain_of(v: int) -> int:
    return (v - _CHAIN_V) // 2


def _digits(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


class _Fields:
    """The fields of a transaction in JSON, as RLP has them. Raises InputError."""

    def __init__(self, fields: Mapping[str, object], place: str) -> None:
        self._fields = fields
        self._place = place

    def integer(self, name: str) -> int:
        return as_quantity(self._value(name), f"{self._place}: {name}")

    def item(self, name: str) -> RlpItem:
        value, place = self._value(name), f"{self._place}: {name}"
        match name:
            case "to":
                return b"" if value in (None, "", "0x") else _address(value, place)
            case "input":
                return as_data(value, place)
            case "accessList":
                return [_access(each, place) for each in as_list_or_none(value, place)]
            case "blobVersionedHashes":
                return [as_data(each, place) for each in as_list(value, place)]
            case "authorizationList":
                return [_authorization(each, place) for each in as_list(value, place)]
            case _:
                return _digits(as_quantity(value, place))

    def _value(self, name: str) -> object:
        other = _OTHER_NAMES.get(name, name)
        return self._fields.get(name, self._fields.get(other))


def _access(entry: object, place: str) -> list[RlpItem]:
    fields = as_object(entry, place)
    slots = as_list_or_none(fields.get("storageKeys"), f"{place}: storageKeys")
    words = [as_quantity(slot, f"{place}: storageKeys").to_bytes(_WORD, "big") for slot in slots]
    return [_address(fields.get("address"), f"{place}: address"), words]


def _authorization(entry: object, place: str) -> list[RlpItem]:
    fields = as_object(entry, place)
    read = _Fields(fields, place)
    parity, r, s = (_digits(read.integer(name)) for name in ("yParity", "r", "s"))
    address = _address(fields.get("address"), f"{place}: address")
    return [_digits(read.integer("chainId")), address, _digits(read.integer("nonce")), parity, r, s]


def _address(value: object, place: str) -> bytes:
    return bytes.fromhex(as_address(value, place)[2:])
