"""Reads the fields of Sei's own messages, as protobuf's JSON encoders spell them.

Field names may be in snake case or in camel case, enums are names or numbers, and a field that is
left out has its default: UNKNOWN, ANY, no text, an empty list.
"""

from __future__ import annotations

import re
from typing import Final, cast

from ...primitives import InputError
from ..files.json_values import as_list_or_none, as_object, as_text, shown
from ..files.values import suggestion
from .operations import Access, Operation
from .resource_tree import ANY, RESOURCES, RESOURCES_BY_NUMBER, Resource

IDENTIFIER_LEN_MAX: Final = 512  # a key of the store in hex digits has one or two hundred
MESSAGE_OPERATIONS_MAX: Final = 1_024  # the longest of the chain's own mappings has 38
_HUMP: Final = re.compile(r"(?<=[a-z0-9])([A-Z])")
_ACCESSES: Final = tuple(Access)


def snake_case(name: str) -> str:
    return _HUMP.sub(r"_\1", name).lower()


def fields_of(value: object, place: str) -> dict[str, object]:
    """The fields of an object, their names in snake case. Raises InputError for one given twice."""
    fields: dict[str, object] = {}
    for name, each in as_object(value, place).items():
        plain = snake_case(name)
        if plain in fields:
            raise InputError(f"{place}: '{plain}' is given twice, in two spellings; remove one")
        fields[plain] = each
    return fields


def entries(value: object, place: str) -> list[tuple[str, object]]:
    """The items of a list, each with its place; none if the list is left out."""
    return [(f"{place}[{n}]", each) for n, each in enumerate(as_list_or_none(value, place))]


def access_of(value: object, place: str) -> Access:
    """An access by name or number; UNKNOWN if it is left out."""
    if value is None:
        return Access.UNKNOWN
    if isinstance(value, str) and value in _ACCESSES:
        return Access(value)
    if type(value) is int and 0 <= value < len(_ACCESSES):
        return _ACCESSES[value]
    raise InputError(f"{place}: {shown(value)} is no access; use {', '.join(_ACCESSES)}")


def resource_of(value: object, place: str) -> Resource:
    """A resource type by name or number; ANY if it is left out."""
    if value is None:
        return ANY
    if isinstance(value, str):
        if value in RESOURCES:
            return RESOURCES[value]
        raise InputError(
            f"{place}: '{value[:60]}' is no resource type{suggestion(value, RESOURCES)}"
        )
    if type(value) is int and value in RESOURCES_BY_NUMBER:
        return RESOURCES_BY_NUMBER[value]
    raise InputError(f"{place}: {shown(value)} is no resource type; name one, such as KV_BANK")


def identifier_of(value: object, place: str, len_max: int = IDENTIFIER_LEN_MAX) -> str:
    """An identifier, empty if it is left out. Raises InputError beyond `len_max`."""
    text = "" if value is None else as_text(value, place)
    if len(text) > len_max:
        raise InputError(f"{place}: an identifier of {len(text):,} characters, {len_max:,} at most")
    return text


def operation_of(value: object, place: str) -> Operation:
    """An `AccessOperation`; or a row of access, resource type and identifier."""
    if isinstance(value, list):
        return operation_of_row(cast("list[object]", value), place)
    fields = fields_of(value, place)
    return Operation(
        access_of(fields.get("access_type"), f"{place}.access_type"),
        resource_of(fields.get("resource_type"), f"{place}.resource_type"),
        identifier_of(fields.get("identifier_template"), f"{place}.identifier_template"),
    )


def operation_of_row(row: list[object], place: str) -> Operation:
    """`["WRITE", "KV_BANK", "*"]`"""
    if len(row) != 3:
        raise InputError(f"{place}: expected access, resource and identifier, found {len(row)}")
    access, resource, identifier = row
    return Operation(
        access_of(access, f"{place}: access"),
        resource_of(resource, f"{place}: resource"),
        identifier_of(identifier, f"{place}: identifier"),
    )


def operations_of(value: object, place: str) -> tuple[Operation, ...]:
    """The operations of a message. Raises InputError beyond MESSAGE_OPERATIONS_MAX."""
    listed = entries(value, place)
    check_count(len(listed), place)
    return tuple(operation_of(each, where) for where, each in listed)


def check_count(count: int, place: str) -> None:
    """Raise InputError beyond MESSAGE_OPERATIONS_MAX."""
    if count > MESSAGE_OPERATIONS_MAX:
        raise InputError(
            f"{place}: {count:,} operations of one message, {MESSAGE_OPERATIONS_MAX:,} at most"
        )
