"""Reads the test files of go-ethereum's prestateTracer: a transaction, and what the tracer shows.

`context` holds the header of its block, `input` the transaction itself, `result` the tracer's. Not
read: `genesis`, the accounts before it, as the tracer shows all that the transaction touches.
Source: go-ethereum, eth/tracers/internal/tracetest/testdata.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ...files.json_values import as_object, as_text
from ..hex_values import U64_BITS, as_address_or_none, as_data, as_quantity
from ..raw_transaction import RAW_LEN_MAX, RawTransaction, read_raw_transaction
from .answer import Answer, Caveat, Told
from .envelope import Fields, is_object
from .prestate import answer_of_frames
from .prestate_frame import read_frame
from .sender import sender_by_reads, sender_by_writes

_FIELDS: Final = {"genesis", "context", "input", "result"}
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,19}", re.ASCII)  # 2^64 has 20
_WITHOUT_STORAGE: Final = Caveat("the tracer was asked to leave out storage")


def is_tracer_test(document: object) -> bool:
    return is_object(document) and document.keys() >= _FIELDS


def read_tracer_test(document: object) -> Answer:
    """Raises InputError, naming the field."""
    test = as_object(document, "the test")
    context = as_object(test.get("context"), "context")
    config = as_object(test.get("tracerConfig") or {}, "tracerConfig")
    told = _with_facts(read_frame(test.get("result"), "result"), _read_input(test))
    without_storage = config.get("disableStorage") is True
    return replace(
        answer_of_frames([_as_part(told) if without_storage else told]),
        number=_number(context, "number"),
        coinbase=as_address_or_none(context.get("miner"), "context: miner"),
        gas_limit=_number(context, "gasLimit"),
        caveats=(_WITHOUT_STORAGE,) if without_storage else (),
    )


def _read_input(test: Fields) -> RawTransaction:
    text = as_text(test.get("input"), "input")
    raw = as_data(text if text.startswith("0x") else f"0x{text}", "input", RAW_LEN_MAX)
    return read_raw_transaction(raw, "input")


def _with_facts(told: Told, signed: RawTransaction) -> Told:
    if told.reads is not None:
        sender = sender_by_reads(signed.facts, told.reads)
    else:
        sender = sender_by_writes(signed.facts, told.writes or {})
    return replace(told, facts=replace(signed.facts, sender=sender), hints=signed.hints)


def _as_part(told: Told) -> Told:
    """What is shown, but not as all that there was."""
    return replace(
        told,
        reads=None,
        writes=None,
        certain_reads={**told.certain_reads, **(told.reads or {})},
        certain_writes=told.writes or {},
    )


def _number(context: Fields, name: str) -> int | None:
    """A number in hex, or, as most of these tests have it, decimal digits."""
    value = context.get(name)
    if value is None:
        return None
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        value = int(value)
    return as_quantity(value, f"context: {name}", bits=U64_BITS)
