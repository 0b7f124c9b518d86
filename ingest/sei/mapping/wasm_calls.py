"""The operations of one call of a contract, its selectors resolved by the message.

As upstream resolves them: where a path leads nowhere, the operation does not apply to this message
and is left out, or, within a contract that another one calls, counts for every identifier. What is
called twice runs by itself, as a circle might.
Beyond upstream: a path or a template that is not understood counts for every identifier as well,
and so does what a contract takes out of a message that another contract made, as messages between
contracts are not translated.
Source: sei-cosmos @62bafe89, x/accesscontrol/keeper/keeper.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ....primitives import InputError
from ..block import OperationCount
from ..operations import COMMIT, EVERY, SYNCHRONOUS, Access, Operation
from ..protobuf_json import IDENTIFIER_LEN_MAX
from .bech32 import address_bytes
from .message_paths import take
from .wasm_mapping import ContractReference, Selector, WasmMapping, WasmOperation

CALLS_MAX: Final = 64  # contracts that call each other, for one message
_SENDER: Final = "_sender"
_VERBS: Final = ("%s", "%v")


class Call(NamedTuple):
    """A call of a contract. `body`: the message, None where another contract made it."""

    contract: str
    sender: str
    executes: bool
    message: str
    body: object


@dataclass(slots=True)
class Resolved:
    """The operations of a call, each once, a commit last. `widened`: how many identifiers became
    `*`, since the message does not say them."""

    operations: tuple[Operation, ...]
    widened: int


def resolve_call(
    contracts: Mapping[str, WasmMapping], call: Call, count: OperationCount | None = None
) -> Resolved:
    """The operations of a call, each counted in `count`, those that repeat others, too.

    Raises InputError where an address in it is none, TooManyOperations if there are too many.
    """
    resolver = _Resolver(contracts, count or OperationCount())
    found = dict.fromkeys(resolver.operations(call))
    commits = COMMIT in found
    kept = [operation for operation in found if operation != COMMIT]
    return Resolved((*kept, *[COMMIT] * commits), resolver.widened)


@dataclass(slots=True)
class _Resolver:
    contracts: Mapping[str, WasmMapping]
    count: OperationCount
    widened: int = 0
    _called: dict[tuple[str, bool, str], None] = field(default_factory=dict)

    def operations(self, call: Call) -> list[Operation]:
        """Of a call, and of all that it calls."""
        found: list[Operation] = []
        waiting = [call]
        while waiting:
            each = waiting.pop()
            mapping = self.contracts.get(each.contract)
            key = (each.contract, each.executes, each.message)
            if mapping is None or not mapping.enabled or not self._is_new(key):
                self.count.add(len(SYNCHRONOUS))
                found += SYNCHRONOUS
                continue
            found += self._of_contract(mapping, each)
            waiting += reversed([self._referred(r, each) for r in _references(mapping, each)])
        return found

    def _is_new(self, key: tuple[str, bool, str]) -> bool:
        """Whether this is the first such call, and one of the CALLS_MAX that are followed."""
        if key in self._called or len(self._called) == CALLS_MAX:
            return False
        self._called[key] = None
        return True

    def _of_contract(self, mapping: WasmMapping, call: Call) -> Iterable[Operation]:
        own = mapping.execute if call.executes else mapping.query
        base = mapping.base if call.executes else _only_reads(mapping.base)
        for each in (*base, *own.operations.get(call.message, ())):
            self.count.add(1)
            operation = self._operation(each, call)
            if operation is not None:
                yield operation

    def _operation(self, declared: WasmOperation, call: Call) -> Operation | None:
        """An operation with its identifier; None if it does not apply to the message."""
        selector, operation = declared.selector, declared.operation
        if selector is Selector.NONE:
            return operation
        if selector is Selector.JQ_MESSAGE_CONDITIONAL:
            taken = take(call.body, declared.argument)
            return operation if call.body is None or taken.there or not taken.readable else None
        if selector in (
            Selector.JQ,
            Selector.JQ_BECH32_ADDRESS,
            Selector.JQ_LENGTH_PREFIXED_ADDRESS,
        ):
            taken = take(call.body, declared.argument)
            if call.body is not None and taken.readable and not taken.there:
                return None
            text = taken.text
        else:
            text = _known(declared, call)
        if text is None or len(text) > IDENTIFIER_LEN_MAX:
            return self._completed(operation, None)
        return self._completed(operation, _hex(selector, text))

    def _completed(self, operation: Operation, value: str | None) -> Operation:
        """With a value put into the template; `*` where there is none, or nowhere to put it."""
        template = operation.identifier
        verb = next((each for each in _VERBS if each in template), None)
        if value is None or verb is None:
            self.widened += template != EVERY
            return operation._replace(identifier=EVERY)
        completed = template.replace(verb, value, 1)
        if len(completed) > IDENTIFIER_LEN_MAX:
            raise InputError(f"{operation}: an identifier of {len(completed):,} characters")
        return operation._replace(identifier=completed)

    def _referred(self, reference: ContractReference, call: Call) -> Call:
        address = reference.address
        if address == _SENDER:
            address = call.sender
        elif address.startswith("."):
            address = take(call.body, address).text or address
        return Call(address, call.contract, reference.executes, reference.message, None)


def _references(mapping: WasmMapping, call: Call) -> tuple[ContractReference, ...]:
    own = mapping.execute if call.executes else mapping.query
    return (*mapping.base_references, *own.references.get(call.message, ()))


def _only_reads(operations: Iterable[WasmOperation]) -> list[WasmOperation]:
    """What is left of operations in a query, which cannot write: what is unknown is a read."""
    kept: list[WasmOperation] = []
    for each in operations:
        if each.operation.access is Access.UNKNOWN:
            each = each._replace(operation=each.operation._replace(access=Access.READ))
        if each.operation.access is not Access.WRITE:
            kept.append(each)
    return kept


def _known(declared: WasmOperation, call: Call) -> str:
    """What a selector that looks at no message stands for."""
    if declared.selector in (Selector.CONTRACT_ADDRESS, Selector.CONSTANT_STRING_TO_HEX):
        return declared.argument
    return call.sender


def _hex(selector: Selector, text: str) -> str:
    """A value as it stands in an identifier. Raises InputError for what should be an address."""
    if selector in (Selector.JQ, Selector.CONSTANT_STRING_TO_HEX):
        return text.encode().hex()
    raw = address_bytes(text)
    if selector in (Selector.JQ_LENGTH_PREFIXED_ADDRESS, Selector.SENDER_LENGTH_PREFIXED_ADDRESS):
        raw = bytes([len(raw)]) + raw
    return raw.hex()
