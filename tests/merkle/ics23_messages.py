"""The messages of ICS-23 that proofs of a sparse Merkle tree use, read by Google's protobuf.

An independent reader of what `proof_ics23` writes. Source: cosmos/ics23/v1/proofs.proto.
"""

from __future__ import annotations

from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_BYTES: Final = descriptor_pb2.FieldDescriptorProto.TYPE_BYTES
_INT32: Final = descriptor_pb2.FieldDescriptorProto.TYPE_INT32  # enums have the same encoding
_MESSAGES: Final = {
    "LeafOp": {"hash": 1, "prehash_key": 2, "prehash_value": 3, "length": 4, "prefix": 5},
    "InnerOp": {"hash": 1, "prefix": 2, "suffix": 3},
    "ExistenceProof": {"key": 1, "value": 2, "leaf LeafOp": 3, "path InnerOp*": 4},
    "NonExistenceProof": {"key": 1, "left ExistenceProof": 2, "right ExistenceProof": 3},
    "CommitmentProof": {"exist ExistenceProof": 1, "nonexist NonExistenceProof": 2},
}
_NUMBERS: Final = {"hash", "prehash_key", "prehash_value", "length"}


def _pool() -> descriptor_pool.DescriptorPool:
    file = descriptor_pb2.FileDescriptorProto(
        name="ics23.proto", package="ics23_test", syntax="proto3"
    )
    for message, fields in _MESSAGES.items():
        added = file.message_type.add(name=message)
        for spelled, number in fields.items():
            name, _, kind = spelled.partition(" ")
            field = added.field.add(name=name, number=number)
            field.label = field.LABEL_REPEATED if kind.endswith("*") else field.LABEL_OPTIONAL
            if kind:
                field.type = field.TYPE_MESSAGE
                field.type_name = f".ics23_test.{kind.rstrip('*')}"
            else:
                field.type = _INT32 if name in _NUMBERS else _BYTES
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


_POOL: Final = _pool()


def commitment_proof(raw: bytes) -> Any:
    """A CommitmentProof, as protobuf reads it."""
    descriptor = _POOL.FindMessageTypeByName("ics23_test.CommitmentProof")
    return message_factory.GetMessageClass(descriptor).FromString(raw)
