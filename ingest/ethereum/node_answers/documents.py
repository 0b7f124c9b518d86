"""Recognises what nodes answer by its content, and reads it.

Guarantees: recognising is quick and raises nothing; what is recognised and malformed is an
InputError that says where.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from ....primitives import InputError
from .alignment import Named
from .answer import Answer
from .envelope import content_of, is_list, is_object, peeked
from .prestate import (
    are_frames,
    is_frame,
    is_state,
    read_frames,
    read_single,
    read_state_file,
)
from .receipts import are_receipts, read_receipts
from .rpc_block import is_rpc_block, read_rpc_block
from .trace_file import is_trace_file, read_trace_file
from .tracer_test import is_tracer_test, read_tracer_test

PARTS_MAX: Final = 16  # answers in one document


class _Form(NamedTuple):
    recognises: Callable[[object], bool]
    read: Callable[[object], Answer]


# Asked in this order; no content is recognised by two.
_FORMS: Final = (
    _Form(is_trace_file, read_trace_file),
    _Form(is_rpc_block, read_rpc_block),
    _Form(is_tracer_test, read_tracer_test),
    _Form(are_frames, read_frames),
    _Form(are_receipts, read_receipts),
    _Form(is_state, read_state_file),
    _Form(is_frame, read_single),
)


def is_answer(document: object) -> bool:
    """Whether this is what a node of Ethereum answers about a block."""
    return _form_of(peeked(document)) is not None or bool(_parts(document))


def read_answers(document: object, name: str) -> list[Named]:
    """The answers in a document of that name: one, or the parts of one that holds several.

    Several are in a batch, in a file with an answer a line, and in an object with a block among
    others.
    """
    parts = () if _form_of(peeked(document)) is not None else _parts(document)
    if not parts:
        return [Named(name, _read(content_of(document)))]
    return [_read_part(part, inner, name) for part, inner in parts]


def _read(content: object) -> Answer:
    form = _form_of(content)
    if form is None:
        raise InputError(
            "not what a node answers about a block of Ethereum; save the answer of "
            "eth_getBlockByNumber, debug_traceBlockByNumber or eth_getBlockReceipts"
        )
    return form.read(content)


def _read_part(part: str, content: object, name: str) -> Named:
    try:
        return Named(f"{name}: {part}", _read(content_of(content)))
    except InputError as error:
        raise InputError(f"{part}: {error.message}") from error


def _form_of(content: object) -> _Form | None:
    return next((form for form in _FORMS if form.recognises(content)), None)


def _parts(document: object) -> list[tuple[str, object]]:
    """The answers that a document holds, by name; none if there are not several, or no block."""
    if is_object(document) and len(document) <= PARTS_MAX:
        parts = [(part, each) for part, each in document.items() if _form_of(peeked(each))]
        is_block = any(is_rpc_block(peeked(each)) for _, each in parts)
        return parts if is_block and len(parts) > 1 else []
    if is_list(document) and 1 <= len(document) <= PARTS_MAX:
        parts = [(f"answer {n}", each) for n, each in enumerate(document, 1)]
        return parts if all(_form_of(peeked(each)) for each in document) else []
    return []
