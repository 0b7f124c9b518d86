"""What calls of a contract are declared to do: a mapping of its own, with selectors.

Base operations hold for every call; those of an execute or query message are added. A selector
takes a value out of the message and puts it into the identifier. A contract may refer to others,
whose operations are then part of its own.
Source: sei-cosmos @62bafe89, x/accesscontrol/keeper/keeper.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar

from ....primitives import InputError
from ...files.json_values import as_flag, as_text, shown
from ..operations import Access, Operation
from ..protobuf_json import check_count, entries, fields_of, operation_of
from ..validation import check_operation

Named = TypeVar("Named")
_SUBTYPES: Final = ("QUERY", "EXECUTE")


class Selector(StrEnum):
    """Where an identifier comes from. In the order of the protobuf numbers, from 0."""

    NONE = "NONE"
    JQ = "JQ"
    JQ_BECH32_ADDRESS = "JQ_BECH32_ADDRESS"
    JQ_LENGTH_PREFIXED_ADDRESS = "JQ_LENGTH_PREFIXED_ADDRESS"
    SENDER_BECH32_ADDRESS = "SENDER_BECH32_ADDRESS"
    SENDER_LENGTH_PREFIXED_ADDRESS = "SENDER_LENGTH_PREFIXED_ADDRESS"
    CONTRACT_ADDRESS = "CONTRACT_ADDRESS"
    JQ_MESSAGE_CONDITIONAL = "JQ_MESSAGE_CONDITIONAL"
    CONSTANT_STRING_TO_HEX = "CONSTANT_STRING_TO_HEX"
    CONTRACT_REFERENCE = "CONTRACT_REFERENCE"


class WasmOperation(NamedTuple):
    """An operation whose identifier a selector completes. `argument`: what the selector selects."""

    operation: Operation
    selector: Selector
    argument: str


class ContractReference(NamedTuple):
    """A call that a contract makes: of which contract (an address, `_sender`, or a path into the
    message), whether to execute or only to query, by which message."""

    address: str
    executes: bool
    message: str


class CallMapping(NamedTuple):
    """What one kind of call does beyond the base, by the name of its message."""

    operations: Mapping[str, tuple[WasmOperation, ...]]
    references: Mapping[str, tuple[ContractReference, ...]]


class WasmMapping(NamedTuple):
    """All that is declared of a contract. Not `enabled`: its calls run by themselves."""

    address: str
    base: tuple[WasmOperation, ...]
    base_references: tuple[ContractReference, ...]
    execute: CallMapping
    query: CallMapping
    enabled: bool


def wasm_mapping_of(value: object, place: str, address: object = None) -> WasmMapping:
    """A `WasmDependencyMapping`; `address`: the contract, where it stands beside the mapping.

    Raises InputError, naming contract, operation and rule, for what upstream refuses.
    """
    fields = fields_of(value, place)
    given = fields.get("contract_address", address)
    contract = as_text("" if given is None else given, f"{place}.contract_address")
    if not contract:
        raise InputError(f"{place}: no contract_address; say whose mapping it is")
    base = _operations(fields.get("base_access_ops"), f"{place}.base_access_ops")
    if not base or base[-1].operation.access is not Access.COMMIT:
        raise InputError(
            f"{place}: contract {contract}: base_access_ops must end with an operation COMMIT"
        )
    return WasmMapping(
        contract,
        base,
        _references(fields.get("base_contract_references"), f"{place}.base_contract_references"),
        _calls(fields, "execute", place),
        _calls(fields, "query", place),
        as_flag(fields.get("enabled", True), f"{place}.enabled"),
    )


def _calls(fields: Mapping[str, object], kind: str, place: str) -> CallMapping:
    operations: dict[str, tuple[WasmOperation, ...]] = {}
    references: dict[str, tuple[ContractReference, ...]] = {}
    listed = f"{kind}_access_ops"
    for where, each in entries(fields.get(listed), f"{place}.{listed}"):
        inner = fields_of(each, where)
        found = _operations(inner.get("wasm_operations"), f"{where}.wasm_operations")
        _add(operations, inner, found, where)
    listed = f"{kind}_contract_references"
    for where, each in entries(fields.get(listed), f"{place}.{listed}"):
        inner = fields_of(each, where)
        called = _references(inner.get("contract_references"), f"{where}.contract_references")
        if kind == "query" and any(reference.executes for reference in called):
            raise InputError(f"{where}: a query may refer to queries only")
        _add(references, inner, called, where)
    return CallMapping(operations, references)


def _add(found: dict[str, Named], fields: Mapping[str, object], value: Named, place: str) -> None:
    name = as_text(fields.get("message_name"), f"{place}.message_name")
    if name in found:
        raise InputError(f"{place}: message '{name[:60]}' is listed twice; join its operations")
    found[name] = value


def _operations(value: object, place: str) -> tuple[WasmOperation, ...]:
    listed = entries(value, place)
    check_count(len(listed), place)
    return tuple(_operation(each, f"{where}") for where, each in listed)


def _operation(value: object, place: str) -> WasmOperation:
    fields = fields_of(value, place)
    operation = operation_of(fields.get("operation", {}), f"{place}.operation")
    check_operation(operation, place)
    selector = _selector(fields.get("selector_type"), f"{place}.selector_type")
    if selector is Selector.CONTRACT_REFERENCE:
        raise InputError(
            f"{place}: the selector {selector} is deprecated; use contract references instead"
        )
    argument = fields.get("selector")
    text = "" if argument is None else as_text(argument, f"{place}.selector")
    return WasmOperation(operation, selector, text)


def _selector(value: object, place: str) -> Selector:
    if value is None:
        return Selector.NONE
    known = tuple(Selector)
    if isinstance(value, str) and value in known:
        return Selector(value)
    if type(value) is int and 0 <= value < len(known):
        return known[value]
    raise InputError(f"{place}: {shown(value)} is no selector; use one of {', '.join(known)}")


def _references(value: object, place: str) -> tuple[ContractReference, ...]:
    listed = entries(value, place)
    check_count(len(listed), place)
    return tuple(_reference(each, where) for where, each in listed)


def _reference(value: object, place: str) -> ContractReference:
    fields = fields_of(value, place)
    kind = fields.get("message_type", 0)
    kind = _SUBTYPES[kind] if type(kind) is int and 0 <= kind < len(_SUBTYPES) else kind
    if kind not in _SUBTYPES:
        raise InputError(f"{place}.message_type: {shown(kind)} is neither QUERY nor EXECUTE")
    return ContractReference(
        as_text(fields.get("contract_address"), f"{place}.contract_address"),
        kind == "EXECUTE",
        as_text(fields.get("message_name", ""), f"{place}.message_name"),
    )
