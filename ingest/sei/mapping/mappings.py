"""Dependency mappings: which operations a message is declared to do, by its type.

Read as governance proposals hold them, as a node answers queries, as genesis has them; and in the
form that lists Sei's own Go functions. All are held to upstream's rules.
Source: sei-cosmos @62bafe89, proto/cosmos/accesscontrol{,_x}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

from ....primitives import InputError
from ...files.json_values import as_flag, as_integer, as_list, as_object, as_text
from ..operations import COMMIT, Operation
from ..protobuf_json import (
    MESSAGE_OPERATIONS_MAX,
    check_count,
    entries,
    fields_of,
    operation_of_row,
    operations_of,
)
from ..validation import check_operations
from .wasm_mapping import WasmMapping, wasm_mapping_of

# Where documents keep mappings: of messages, of contracts, of Go functions, and nested ones.
_MESSAGES: Final = ("message_dependency_mapping", "message_dependency_mapping_list")
_CONTRACTS: Final = (
    "wasm_dependency_mapping",
    "wasm_dependency_mappings",
    "wasm_dependency_mapping_list",
)
_FUNCTIONS: Final = "mappings"
_EXAMPLES: Final = "examples"
MAPPING_KEYS: Final = (*_MESSAGES, *_CONTRACTS, _FUNCTIONS, _EXAMPLES)


class MessageMapping(NamedTuple):
    """What messages of one type are declared to do.

    `key`: the type, `cosmos.bank.v1beta1.MsgSend`, or Go's, `banktypes.MsgSend`. `dynamic`: whether
    a function of the chain may decide instead. `of_go`: identifiers are expressions of Go.
    """

    key: str
    operations: tuple[Operation, ...]
    dynamic: bool = False
    of_go: bool = False


@dataclass(frozen=True, slots=True)
class Mappings:
    """All mappings of a document: of messages by key, of contracts by address."""

    messages: dict[str, MessageMapping] = field(default_factory=dict)
    contracts: dict[str, WasmMapping] = field(default_factory=dict)

    def of_type(self, key: str) -> MessageMapping | None:
        """The mapping of a message type: by its whole name, or by Go's name for it."""
        found = self.messages.get(key)
        if found is not None:
            return found
        *packages, name = key.split(".")
        for package in packages:
            found = self.messages.get(f"{package}types.{name}") or self.messages.get(
                f"{_GO_ALIASES.get(package, package)}types.{name}"
            )
            if found is not None:
                return found
        return None


_GO_ALIASES: Final = {"tokenfactory": "tfk"}  # import names of the chain's own source


def read_mappings(document: Mapping[str, object]) -> Mappings:
    """The mappings in a document. Raises InputError, naming message, operation and rule."""
    mappings = Mappings()
    _add_all(mappings, document, "")
    for where, each in entries(document.get(_EXAMPLES), _EXAMPLES):
        _add_all(mappings, fields_of(each, where), f"{where}.")
    return mappings


def has_mappings(document: Mapping[str, object]) -> bool:
    """Whether a document holds mappings, judged by its names alone, in snake case."""
    return any(key in document for key in (*_MESSAGES, *_CONTRACTS)) or (
        _is_list_with(document.get(_FUNCTIONS), "ops")
        or any(_is_list_with(document.get(_EXAMPLES), key) for key in (*_MESSAGES, *_CONTRACTS))
    )


def _is_list_with(value: object, key: str) -> bool:
    """Whether this is a list of objects, one of which has that key."""
    return isinstance(value, list) and any(
        isinstance(each, dict) and key in each for each in cast("list[object]", value)
    )


def _add_all(mappings: Mappings, document: Mapping[str, object], place: str) -> None:
    for key in _MESSAGES:
        for where, each in _one_or_more(document.get(key), f"{place}{key}"):
            _add(mappings.messages, _message_mapping(each, where), where)
    address = document.get("contract_address")
    for key in _CONTRACTS:
        for where, each in _one_or_more(document.get(key), f"{place}{key}"):
            contract = wasm_mapping_of(each, where, address)
            if contract.address in mappings.contracts:
                raise InputError(
                    f"{where}: contract {contract.address} has two mappings; remove one"
                )
            mappings.contracts[contract.address] = contract
    for where, each in entries(document.get(_FUNCTIONS), f"{place}{_FUNCTIONS}"):
        _add(mappings.messages, _go_mapping(each, where), where)


def _one_or_more(value: object, place: str) -> list[tuple[str, object]]:
    """A mapping alone, as queries answer, or a list of them."""
    return [(place, value)] if isinstance(value, dict) else entries(value, place)


def _add(messages: dict[str, MessageMapping], mapping: MessageMapping, place: str) -> None:
    if mapping.key in messages:
        raise InputError(f"{place}: {mapping.key} has two mappings; remove one")
    messages[mapping.key] = mapping


def _message_mapping(value: object, place: str) -> MessageMapping:
    fields = fields_of(value, place)
    key = _key(fields.get("message_key"), f"{place}.message_key")
    operations = operations_of(fields.get("access_ops"), f"{place}.access_ops")
    check_operations(operations, f"{place}: {key}")
    dynamic = fields.get("dynamic_enabled", False)
    return MessageMapping(key, operations, as_flag(dynamic, f"{place}.dynamic_enabled"))


def _go_mapping(value: object, place: str) -> MessageMapping:
    """`commit_ops`: how many commits stand behind the listed operations."""
    fields = as_object(value, place)
    key = _key(fields.get("message"), f"{place}.message")
    where = f"{place}.ops"
    rows = as_list(fields.get("ops"), where)
    commits = as_integer(
        fields.get("commit_ops", 0), f"{place}.commit_ops", high=MESSAGE_OPERATIONS_MAX
    )
    check_count(len(rows) + commits, where)
    listed = [
        operation_of_row(as_list(row, f"{where}[{n}]"), f"{where}[{n}]")
        for n, row in enumerate(rows)
    ]
    operations = [each._replace(identifier=_star(each.identifier)) for each in listed]
    operations = (*operations, *[COMMIT] * commits)
    check_operations(operations, f"{place}: {key}")
    return MessageMapping(key, operations, dynamic=True, of_go=True)


def _star(expression: str) -> str:
    """`*`, if that is what an expression of Go is."""
    return "*" if expression in ('"*"', "utils.DefaultIDTemplate") else expression


def _key(value: object, place: str) -> str:
    key = as_text(value, place)
    if not key:
        raise InputError(f"{place}: the message type must not be empty")
    return key
