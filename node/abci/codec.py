"""Messages as protobuf, by Google's library; the one module that imports it.

Descriptors are built from messages.py when this module is imported, so nothing is generated that
would tie Sealane to one version of the library. Guarantees: what decodes is a value of messages.py,
anything else raises ProtocolError. Does not: frame messages; that is framing.py.

    >>> encode_request(EchoRequest("hi")).hex()
    '0a040a026869'
    >>> decode_request(bytes.fromhex("0a040a026869"))
    EchoRequest(message='hi')
"""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from ...primitives import UsageError
from ...primitives.extras import how_to_install
from .errors import ProtocolError
from .messages import REQUESTS, RESPONSES, EchoRequest, Request, Response

try:
    from google.protobuf.descriptor_pb2 import (
        DescriptorProto,
        FieldDescriptorProto,
        FileDescriptorProto,
    )
    from google.protobuf.descriptor_pool import DescriptorPool
    from google.protobuf.message import DecodeError, Message
    from google.protobuf.message_factory import GetMessageClass
except ImportError as error:
    raise UsageError(
        "messages of ABCI are protobuf, which is not installed: " + how_to_install("node")
    ) from error

__all__ = ["EchoRequest", "decode_request", "decode_response", "encode_request", "encode_response"]

REPEATED_MAX: Final = 1_048_576  # values of one field: an empty transaction takes two bytes only
_PACKAGE: Final = "sealane.abci"
_SCALARS: Final[dict[object, FieldDescriptorProto.Type.ValueType]] = {
    str: FieldDescriptorProto.TYPE_STRING,
    bytes: FieldDescriptorProto.TYPE_BYTES,
    bool: FieldDescriptorProto.TYPE_BOOL,
    "int32": FieldDescriptorProto.TYPE_INT32,
    "int64": FieldDescriptorProto.TYPE_INT64,
    "uint32": FieldDescriptorProto.TYPE_UINT32,
    "uint64": FieldDescriptorProto.TYPE_UINT64,
}


class _Field(NamedTuple):
    """`held`: a scalar's key in _SCALARS, or the message that the field holds."""

    name: str
    number: int
    held: Any
    repeated: bool

    @property
    def nested(self) -> bool:
        return self.held not in _SCALARS

    def described(self) -> FieldDescriptorProto:
        label = (
            FieldDescriptorProto.LABEL_REPEATED
            if self.repeated
            else FieldDescriptorProto.LABEL_OPTIONAL
        )
        described = FieldDescriptorProto(name=self.name, number=self.number, label=label)
        if self.nested:
            described.type = FieldDescriptorProto.TYPE_MESSAGE
            described.type_name = f".{_PACKAGE}.{self.held.__name__}"
        else:
            described.type = _SCALARS[self.held]
        return described


def _fields_of(kind: type) -> tuple[_Field, ...]:
    """The fields of a message of messages.py, from its annotations."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_field(name, *get_args(hint)) for name, hint in hints.items())


def _field(name: str, hint: Any, *notes: Any) -> _Field:
    inner = [each for each in get_args(hint) if each not in (NoneType, ...)]
    held = inner[0] if inner else hint
    return _Field(name, notes[-1], notes[0] if held is int else held, get_origin(hint) is tuple)


class _Codec:
    """Translates one direction: the messages that travel in one envelope."""

    def __init__(self, envelope: str, numbers: Mapping[type[Any], int]) -> None:
        self._fields: dict[type, tuple[_Field, ...]] = {}
        for kind in numbers:
            self._collect(kind)
        file = FileDescriptorProto(name=envelope, package=_PACKAGE, syntax="proto3")
        for kind, fields in self._fields.items():
            described = [each.described() for each in fields]
            file.message_type.append(DescriptorProto(name=kind.__name__, field=described))
        file.message_type.append(_describe_envelope(envelope, numbers))
        pool = DescriptorPool()
        pool.AddSerializedFile(file.SerializeToString())
        self._classes: dict[str, type[Any]] = {
            each.name: GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.{each.name}"))
            for each in file.message_type
        }
        self._envelope = self._classes[envelope]
        self._kinds = {kind.__name__: kind for kind in numbers}

    def _collect(self, kind: type) -> None:
        self._fields[kind] = _fields_of(kind)
        for each in self._fields[kind]:
            if each.nested and each.held not in self._fields:
                self._collect(each.held)

    def encode(self, value: NamedTuple) -> bytes:
        name = type(value).__name__
        return self._envelope(**{name: self._message(value)}).SerializeToString()

    def decode(self, raw: bytes) -> Any:
        try:
            envelope = self._envelope.FromString(raw)
        except (DecodeError, ValueError) as error:  # ValueError: text that is not UTF-8, in Python
            raise ProtocolError("not protobuf", f"{len(raw):,} bytes are no message") from error
        name = envelope.WhichOneof("value")
        if name is None:
            raise ProtocolError("unknown message", "the message is not one of ABCI 2.0")
        return self._value(self._kinds[name], getattr(envelope, name))

    def _message(self, value: NamedTuple) -> Message:
        kind = type(value)
        given = {
            each.name: self._encoded(each, held)
            for each, held in zip(self._fields[kind], value, strict=True)
        }
        return self._classes[kind.__name__](**given)

    def _encoded(self, field: _Field, held: Any) -> Any:
        if not field.nested or held is None:
            return held
        return [self._message(each) for each in held] if field.repeated else self._message(held)

    def _value(self, kind: type, message: Any) -> Any:
        return kind(*(self._decoded(each, message) for each in self._fields[kind]))

    def _decoded(self, field: _Field, message: Any) -> Any:
        found = getattr(message, field.name)
        if field.repeated and len(found) > REPEATED_MAX:
            raise ProtocolError(
                "too many", f"{len(found):,} {field.name}; {REPEATED_MAX:,} are accepted"
            )
        if not field.nested:
            return tuple(found) if field.repeated else found
        if field.repeated:
            return tuple(self._value(field.held, each) for each in found)
        return self._value(field.held, found) if message.HasField(field.name) else None


def _describe_envelope(name: str, numbers: Mapping[type[Any], int]) -> DescriptorProto:
    """A message that holds exactly one of the others."""
    fields = [_Field(kind.__name__, number, kind, False) for kind, number in numbers.items()]
    described = DescriptorProto(name=name, field=[each.described() for each in fields])
    described.oneof_decl.add(name="value")
    for each in described.field:
        each.oneof_index = 0
    return described


_REQUESTS: Final = _Codec("Request", REQUESTS)
_RESPONSES: Final = _Codec("Response", RESPONSES)


def encode_request(request: Request) -> bytes:
    """Raises ValueError or TypeError for a value that its field cannot hold."""
    return _REQUESTS.encode(request)


def decode_request(raw: bytes) -> Request:
    """Raises ProtocolError."""
    return _REQUESTS.decode(raw)


def encode_response(response: Response) -> bytes:
    """Raises ValueError or TypeError for a value that its field cannot hold."""
    return _RESPONSES.encode(response)


def decode_response(raw: bytes) -> Response:
    """Raises ProtocolError."""
    return _RESPONSES.decode(raw)
