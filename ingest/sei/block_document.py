"""Reads a block: transactions with their messages, beside the mappings that say what those do.

    {"message_dependency_mapping": […], "wasm_dependency_mappings": […], "mappings": […],
     "transactions": [{"id": …, "gas_used": …, "ante_access_ops": […], "messages": [
       {"@type": "/cosmos.bank.v1beta1.MsgSend", "from_address": …, "to_address": …,
        "access_ops": […], "events": […]}]}]}

A transaction may be in the chain's own form, its messages under `body`. A message's own
`access_ops` come before every mapping. What no mapping knows runs by itself.
A document with mappings alone is a block with one message of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from ...primitives import InputError
from ...primitives.one_line import counted
from ..files.json_values import as_integer, as_list, as_object, as_text
from ..files.values import NAME_LEN_MAX, suggestion
from .block import (
    Message,
    OperationCount,
    SeiBlock,
    SeiTransaction,
    TooManyOperations,
    checked,
)
from .mapping.identifiers import completed
from .mapping.mappings import MAPPING_KEYS, Mappings, has_mappings, read_mappings
from .mapping.wasm_calls import Call, resolve_call
from .operation_graph import ANTE_HANDLER
from .operations import SYNCHRONOUS, Operation
from .protobuf_json import entries, fields_of, operations_of, snake_case
from .store_events import StoreEvent, read_events
from .validation import check_operation, check_operations

TRANSACTIONS: Final = "transactions"
# The operations of a message, and as a mapping has them before the message completes them.
_Declared: TypeAlias = "tuple[tuple[Operation, ...], tuple[Operation, ...] | None]"
_CHAIN: Final = "sei"
_EXECUTE: Final = "MsgExecuteContract"
# Source: IsGovMessage, in x/accesscontrol/types/graph.go.
_GOVERNANCE: Final = frozenset(
    f"cosmos.gov.v1beta1.{name}"
    for name in ("MsgVote", "MsgVoteWeighted", "MsgSubmitProposal", "MsgDeposit")
)
_DECLARING: Final = ("messages", "body", "access_ops")
_ABOUT: Final = ("chain", "height", "source", "note", "why", "params")
_PROPOSAL: Final = ("title", "description", "deposit", "contract_address")
_KNOWN: Final = (TRANSACTIONS, *_ABOUT, *_PROPOSAL, *MAPPING_KEYS)
_SHOWN_MAX: Final = 5
_HEIGHT_MAX: Final = (1 << 63) - 1
GAS_MAX: Final = 1 << 40  # of a transaction; all together fit into 63 bits


def is_block_document(content: object) -> bool:
    """Whether this has Sei's mappings, or transactions that declare Sei's operations."""
    if not isinstance(content, dict):
        return False
    given = cast("dict[str, object]", content)
    fields = {snake_case(name): value for name, value in given.items()}
    listed = fields.get(TRANSACTIONS)
    if not isinstance(listed, list):
        return has_mappings(fields)
    if fields.get("chain") == _CHAIN or has_mappings(fields):
        return True
    first = next(iter(cast("list[object]", listed)), None)
    return isinstance(first, dict) and any(name in first for name in _DECLARING)


def read_block_document(content: object) -> SeiBlock:
    """The block in a document. Raises InputError that names the place of what is wrong."""
    fields = fields_of(content, "document")
    mappings = read_mappings(fields)
    if TRANSACTIONS not in fields:
        return _one_of_each(mappings)
    for key in fields:
        if key not in _KNOWN:
            raise InputError(f"unknown key '{key[:60]}'{suggestion(key, _KNOWN)}")
    reader = _Reader(mappings)
    transactions = [
        reader.transaction(position, each, place)
        for position, (place, each) in enumerate(entries(fields[TRANSACTIONS], TRANSACTIONS))
    ]
    height = fields.get("height")
    return checked(
        SeiBlock(
            transactions,
            tuple(reader.notes()),
            height=None if height is None else as_integer(height, "height", high=_HEIGHT_MAX),
            governance=reader.governance,
        )
    )


@dataclass(slots=True)
class _Reader:
    """What is learned while transactions are read."""

    mappings: Mappings
    widened: int = 0
    unmapped: dict[str, int] = field(default_factory=dict)
    unresolved: list[str] = field(default_factory=list)
    governance: str | None = None
    count: OperationCount = field(default_factory=OperationCount)

    def transaction(self, position: int, value: object, place: str) -> SeiTransaction:
        fields = as_object(value, place)
        found = _id(fields, position, place)
        messages = list(self._ante(fields, place))
        events = _logged_events(fields, place)
        for index, (where, each) in enumerate(_messages(fields, place)):
            message = self._message(index, each, where, events.get(index))
            if message.key in _GOVERNANCE and self.governance is None:
                self.governance = found
            messages.append(message)
            self.count.add(len(message.operations))
        return SeiTransaction(found, tuple(messages), _gas(fields, place))

    def _ante(self, fields: Mapping[str, object], place: str) -> Iterator[Message]:
        """What the ante handler declares, each once, as in the chain's own graph."""
        if "ante_access_ops" not in fields:
            return
        where = f"{place}.ante_access_ops"
        operations = tuple(dict.fromkeys(operations_of(fields["ante_access_ops"], where)))
        for index, operation in enumerate(operations):
            check_operation(operation, f"{where}: operation {index} ({operation})")
        self.count.add(len(operations))
        yield Message(ANTE_HANDLER, "", operations)

    def _message(
        self, index: int, value: object, place: str, logged: tuple[StoreEvent, ...] | None
    ) -> Message:
        fields = as_object(value, place)
        events = logged
        if "events" in fields:
            events = tuple(read_events(fields["events"], f"{place}.events"))
        if "access_ops" in fields:
            operations = operations_of(fields["access_ops"], f"{place}.access_ops")
            check_operations(operations, place)
            return Message(index, _type(fields, place, required=False), operations, events)
        key = _type(fields, place, required=True)
        content = fields.get("value")
        body = cast("dict[str, object]", content) if isinstance(content, dict) else fields
        operations, declared = self._declared(key, body, place)
        return Message(index, key, operations, events, declared)

    def _declared(self, key: str, body: Mapping[str, object], place: str) -> _Declared:
        """The operations of a message, by its type and its fields."""
        mapping = self.mappings.of_type(key)
        is_call = key.rpartition(".")[2] == _EXECUTE and self.mappings.contracts
        if is_call and (mapping is None or mapping.dynamic):
            found = self._called(body, place)
            if found is not None:
                return found, None
        if mapping is None:
            if key not in _GOVERNANCE:
                self.unmapped[key] = self.unmapped.get(key, 0) + 1
            return SYNCHRONOUS, None
        done = completed(mapping, body)
        self.widened += done.widened
        return done.operations, mapping.operations

    def _called(self, body: Mapping[str, object], place: str) -> tuple[Operation, ...] | None:
        """The operations of a call of a contract; None if the chain could not tell them."""
        contract, sender = (as_text(body.get(name), f"{place}.{name}") for name in _CALL_FIELDS)
        message = body.get("msg")
        names = list(cast("dict[str, object]", message)) if isinstance(message, dict) else []
        if len(names) != 1:
            self.unresolved.append(
                f"{place}: msg must have one key, the call, and has {len(names)}"
            )
            return None
        try:
            call = Call(contract, sender, executes=True, message=names[0], body=message)
            resolved = resolve_call(self.mappings.contracts, call, self.count)
            check_operations(resolved.operations, place)
        except TooManyOperations:
            raise
        except InputError as error:  # the chain falls back likewise
            self.unresolved.append(f"{place}: {error}")
            return None
        self.widened += resolved.widened
        return resolved.operations

    def notes(self) -> Iterator[str]:
        """What a reader of figures must know."""
        if self.governance is not None:
            yield (
                f"transaction {self.governance} has a governance message: Sei runs such a block in "
                "sequence, and so is it planned"
            )
        if self.widened:
            yield widened_note(self.widened)
        if self.unmapped:
            total = sum(self.unmapped.values())
            types = ", ".join(list(self.unmapped)[:_SHOWN_MAX])
            more = ", …" if len(self.unmapped) > _SHOWN_MAX else ""
            yield (
                f"{counted(total, 'message')} of types without a mapping ({types}{more}): nothing "
                "runs beside them, as is Sei's default"
            )
        for each in self.unresolved[:_SHOWN_MAX]:
            yield f"a call of a contract that Sei would not resolve, taken by its type: {each}"


_CALL_FIELDS: Final = ("contract", "sender")


def widened_note(count: int) -> str:
    return (
        f"{counted(count, 'identifier')} that the messages do not say: taken for every identifier "
        "of their type, so that nothing runs too early"
    )


def _id(fields: Mapping[str, object], position: int, place: str) -> str:
    for name in ("id", "hash", "txhash"):
        if name in fields:
            found = as_text(fields[name], f"{place}.{name}")
            if not 0 < len(found) <= NAME_LEN_MAX:
                raise InputError(f"{place}.{name}: an id has 1 to {NAME_LEN_MAX} characters")
            return found
    return f"t{position}"


def _gas(fields: Mapping[str, object], place: str) -> int | None:
    for name in ("gas_used", "gasUsed", "gas"):
        if name in fields:
            return as_integer(fields[name], f"{place}.{name}", high=GAS_MAX)
    return None


def _messages(fields: Mapping[str, object], place: str) -> list[tuple[str, object]]:
    """The messages of a transaction: its own, or those in its body; or itself, as the only one."""
    if "access_ops" in fields and "messages" not in fields:
        return [(place, fields)]
    inner: object = fields
    for name in ("tx", "body"):
        parts = as_object(inner, place)
        if "messages" in parts:
            break
        if name in parts:
            inner, place = parts[name], f"{place}.{name}"
    place = f"{place}.messages"
    listed = as_list(as_object(inner, place).get("messages"), place)
    return [(f"{place}[{n}]", each) for n, each in enumerate(listed)]


def _logged_events(
    fields: Mapping[str, object], place: str
) -> dict[int, tuple[StoreEvent, ...] | None]:
    """The events in a node's answer, by message."""
    found: dict[int, tuple[StoreEvent, ...] | None] = {}
    for where, each in entries(fields.get("logs"), f"{place}.logs"):
        log = fields_of(each, where)
        index = as_integer(log.get("msg_index", 0), f"{where}.msg_index")
        found[index] = tuple(read_events(log.get("events"), f"{where}.events"))
    return found


def _type(fields: Mapping[str, object], place: str, *, required: bool) -> str:
    """The type of a message: the last part of its type URL."""
    for name in ("@type", "type", "message_key"):
        if name in fields:
            key = as_text(fields[name], f"{place}.{name}").rpartition("/")[2]
            if not 0 < len(key) <= NAME_LEN_MAX:
                raise InputError(f"{place}.{name}: a type has 1 to {NAME_LEN_MAX} characters")
            return key
    if required:
        raise InputError(f"{place}: no '@type' and no 'access_ops'; say which message this is")
    return ""


def _one_of_each(mappings: Mappings) -> SeiBlock:
    """A block with one message of each kind that a document has a mapping for."""
    transactions: list[SeiTransaction] = []
    widened, count = 0, OperationCount()
    for key, mapping in mappings.messages.items():
        done = completed(mapping, {})
        widened += done.widened
        count.add(len(done.operations))
        message = Message(0, key, done.operations, declared=mapping.operations)
        transactions.append(SeiTransaction(key, (message,)))
    for contract in mappings.contracts.values():
        for executes, calls in ((True, contract.execute), (False, contract.query)):
            for name in dict.fromkeys([*calls.operations, *calls.references]):
                call = Call(contract.address, "", executes, name, body=None)
                resolved = resolve_call(mappings.contracts, call, count)
                widened += resolved.widened
                called = f"{contract.address} {'execute' if executes else 'query'} {name}"
                message = Message(0, called, resolved.operations)
                transactions.append(SeiTransaction(called, (message,)))
    notes = ["mappings without transactions: a block with one message of each kind"]
    return checked(SeiBlock(transactions, (*notes, *[widened_note(widened)] * bool(widened))))
