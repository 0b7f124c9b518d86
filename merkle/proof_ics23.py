"""Proofs as `CommitmentProof` of ICS-23, in protobuf: what an ABCI answer's ProofOps carry.

Any implementation of ICS-23 verifies them against its SmtSpec, with the account's key as key and
its 81 bytes of `account_content` as value. Written by hand, in the order of the field numbers, as
there is nothing to read and four messages to write. Source: cosmos/ics23/v1/proofs.proto.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .hashing import LEAF_PREFIX, NODE_PREFIX, bit_of, path_of_key
from .proof import Existence, Inclusion, Proof

_SHA256: Final = 1  # HashOp
_VARINT: Final = 0  # wire types
_BYTES: Final = 2


def encode_ics23(proof: Proof, *, path_of: Callable[[bytes], bytes] = path_of_key) -> bytes:
    """The proof as a CommitmentProof.

    An absence from an empty tree has no neighbours, and verifiers of ICS-23 refuse it.
    """
    if isinstance(proof, Inclusion):
        return _field(1, _existence(proof.existence, path_of))
    sides = ((2, proof.left), (3, proof.right))
    neighbours = [_field(tag, _existence(side, path_of)) for tag, side in sides if side is not None]
    return _field(2, _field(1, proof.key) + b"".join(neighbours))


def _existence(existence: Existence, path_of: Callable[[bytes], bytes]) -> bytes:
    """ExistenceProof: key, value, leaf, path."""
    leaf = _number(1, _SHA256) + _number(2, _SHA256) + _number(3, _SHA256) + _field(5, LEAF_PREFIX)
    path, siblings = path_of(existence.key), existence.siblings
    steps = [
        _field(4, _step(sibling, bit_of(path, len(siblings) - 1 - number)))
        for number, sibling in enumerate(siblings)
    ]
    head = _field(1, existence.key) + _field(2, existence.value) + _field(3, leaf)
    return head + b"".join(steps)


def _step(sibling: bytes, side: int) -> bytes:
    """InnerOp: what is hashed before and after the child."""
    if side:
        return _number(1, _SHA256) + _field(2, NODE_PREFIX + sibling)
    return _number(1, _SHA256) + _field(2, NODE_PREFIX) + _field(3, sibling)


def _field(tag: int, content: bytes) -> bytes:
    return _varint(tag << 3 | _BYTES) + _varint(len(content)) + content


def _number(tag: int, value: int) -> bytes:
    return _varint(tag << 3 | _VARINT) + _varint(value)


def _varint(value: int) -> bytes:
    raw = bytearray()
    while value >= 0x80:
        raw.append(value & 0x7F | 0x80)
        value >>= 7
    raw.append(value)
    return bytes(raw)
