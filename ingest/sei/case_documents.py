"""Reads collections that are no blocks: test cases of the graph and of validation, the tree.

    {"cases": [{"name": …, "ops": [[transaction, message, access, resource, identifier], …]}]}
    {"validate_access_operations": [{"name": …, "ops": [[access, resource, identifier], …],
      "events": [[access, key, store], …]}]}
    {"enum": {type: number}, "tree": {type: {"parent": …, "children": […]}}}

Each case of the graph is a block. The cases of validation are the transactions of one block. Of the
tree, one block writes each type once, so that its graph is the tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from ...primitives import InputError
from ..files.json_values import as_integer, as_list, as_object, as_text
from .block import BLOCK_OPERATIONS_MAX, Message, SeiBlock, SeiTransaction, checked
from .operation_graph import ANTE_HANDLER
from .operations import COMMIT, EVERY, Access, Operation
from .protobuf_json import check_count, entries, operation_of_row, operations_of, resource_of
from .store_events import read_events

_CASES: Final = "cases"
_VALIDATION: Final = "validate_access_operations"
_TREE: Final = ("enum", "tree")
_ROW_LEN: Final = 5


def is_case_document(content: object) -> bool:
    """Whether this is one of those collections."""
    if not isinstance(content, dict):
        return False
    fields = cast("dict[str, object]", content)
    if _VALIDATION in fields or all(isinstance(fields.get(key), dict) for key in _TREE):
        return True
    cases = fields.get(_CASES)
    first = next(iter(cast("list[object]", cases)), None) if isinstance(cases, list) else None
    return isinstance(first, dict) and "ops" in first


def read_case_document(content: object) -> list[SeiBlock]:
    """The blocks, at least one. Raises InputError that names case and operation."""
    fields = as_object(content, "document")
    if _CASES in fields:
        return [_graph_case(each, place) for place, each in entries(fields[_CASES], _CASES)]
    return [_validation(fields) if _VALIDATION in fields else _tree(fields)]


def _graph_case(value: object, place: str) -> SeiBlock:
    fields = as_object(value, place)
    rows = as_list(fields.get("ops"), f"{place}.ops")
    if len(rows) > BLOCK_OPERATIONS_MAX:
        raise InputError(f"{place}: {len(rows):,} operations, {BLOCK_OPERATIONS_MAX:,} at most")
    transactions: dict[int, dict[int, list[Operation]]] = {}
    for index, row in enumerate(rows):
        where = f"{place}.ops[{index}]"
        position, message, operation = _row(row, where)
        if transactions and position < next(reversed(transactions)):
            raise InputError(f"{where}: its transaction comes before the last one; sort the rows")
        messages = transactions.setdefault(position, {})
        if messages and message < next(reversed(messages)):
            raise InputError(f"{where}: its message comes before the last one; sort the rows")
        messages.setdefault(message, []).append(operation)
    name = fields.get("name")
    return SeiBlock(
        [
            SeiTransaction(
                f"t{position}",
                tuple(Message(index, "", tuple(listed)) for index, listed in messages.items()),
            )
            for position, messages in transactions.items()
        ],
        case=None if name is None else as_text(name, f"{place}.name"),
    )


def _row(value: object, place: str) -> tuple[int, int, Operation]:
    row = as_list(value, place)
    if len(row) != _ROW_LEN:
        raise InputError(
            f"{place}: expected transaction, message, access, resource and identifier, found "
            f"{len(row)} values"
        )
    position = as_integer(row[0], f"{place}: transaction")
    message = ANTE_HANDLER if row[1] == ANTE_HANDLER else as_integer(row[1], f"{place}: message")
    return position, message, operation_of_row(row[2:], place)


def _validation(fields: Mapping[str, object]) -> SeiBlock:
    transactions: list[SeiTransaction] = []
    for place, each in entries(fields[_VALIDATION], _VALIDATION):
        case = as_object(each, place)
        operations = operations_of(case.get("ops"), f"{place}.ops")
        events = tuple(read_events(case.get("events"), f"{place}.events"))
        name = as_text(case.get("name"), f"{place}.name")
        transactions.append(SeiTransaction(name, (Message(0, "", operations, events),)))
    note = "cases of validation, no block: each is a transaction, and `lint` says what it lacks"
    return checked(SeiBlock(transactions, (note,)))


def _tree(fields: Mapping[str, object]) -> SeiBlock:
    names = list(as_object(fields["enum"], "enum"))
    check_count(len(names), "enum")
    transactions = [
        SeiTransaction(name, (Message(0, "", (_write(name), COMMIT)),)) for name in names
    ]
    note = "a tree of resource types, no block: each is written once, in the order of the file"
    return SeiBlock(transactions, (note,))


def _write(name: str) -> Operation:
    return Operation(Access.WRITE, resource_of(name, "enum"), EVERY)
