"""One transaction of a fixture, checked. Called once a transaction, so the good case is lean."""

from __future__ import annotations

from typing import Final

from .document import Misfit, Value
from .expectation_reader import read_outcome
from .fixture import Call, InstructionSpec, MetaSpec, RawInstruction, TransactionSpec
from .values import (
    any_mapping,
    at,
    boolean,
    each,
    field,
    integer,
    integer_within,
    mapping,
    name,
    raw_bytes,
)

TRANSACTION_KEYS: Final = (
    "id",
    "payer",
    "instructions",
    "expect",
    "fee",
    "cost",
    "writes",
    "reads",
)
RAW_KEYS: Final = ("program", "accounts", "data")
COST_MAX: Final = (1 << 32) - 1  # ten million of them still sum up within 63 bits
META_KEYS: Final = ("key", "signer", "writable")


def read_transaction(value: Value, position: int) -> TransactionSpec:
    """The transaction at `position` in the file; its id is `t` and the position by default."""
    fields = mapping(value, TRANSACTION_KEYS)
    if "instructions" in fields:
        if "writes" in fields or "reads" in fields:
            raise Misfit("`instructions` declare the accounts; remove `writes` and `reads`")
    elif not ("writes" in fields or "reads" in fields):
        raise Misfit("nothing to run; add `instructions` (or `writes` and `reads`, to plan only)")
    return TransactionSpec(
        id=field(fields, "id", name, f"t{position}"),
        payer=field(fields, "payer", name, None),
        instructions=field(fields, "instructions", _instructions, None),
        fee=field(fields, "fee", integer, None),
        cost=field(fields, "cost", _cost, None),
        writes=field(fields, "writes", _names, ()),
        reads=field(fields, "reads", _names, ()),
        expect=field(fields, "expect", read_outcome, None),
    )


def _cost(value: Value) -> int:
    return integer_within(value, 0, COST_MAX)


def _names(value: Value) -> tuple[str, ...]:
    return each(name, value)


def _instructions(value: Value) -> tuple[InstructionSpec, ...]:
    return each(_instruction, value)


def _instruction(value: Value) -> InstructionSpec:
    fields = any_mapping(value)
    if len(fields) == 1:
        ((target, arguments),) = fields.items()
        program, _, instruction = target.rpartition(".")
        if program and instruction:
            return Call(program, instruction, at(target, _arguments, arguments))
    if not any(key in fields for key in RAW_KEYS):
        raise Misfit(
            "this is no call of one program's instruction; write one "
            "`program.instruction: {…}` a list item, or `program`, `accounts` and `data`"
        )
    return _raw(fields)


def _arguments(value: Value) -> dict[str, Value]:
    return {} if value is None else any_mapping(value)


def _raw(value: Value) -> RawInstruction:
    fields = mapping(value, RAW_KEYS, required=("program",))
    return RawInstruction(
        program=at("program", name, fields["program"]),
        accounts=field(fields, "accounts", _metas, ()),
        data=field(fields, "data", raw_bytes, b""),
    )


def _metas(value: Value) -> tuple[MetaSpec, ...]:
    return each(_meta, value)


def _meta(value: Value) -> MetaSpec:
    fields = mapping(value, META_KEYS, required=("key",))
    return MetaSpec(
        key=at("key", name, fields["key"]),
        signer=field(fields, "signer", boolean, False),
        writable=field(fields, "writable", boolean, False),
    )
