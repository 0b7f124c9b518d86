"""Recognises what nodes answer by its content, and reads it.

Guarantees: recognising is quick and raises nothing; what is recognised and malformed is an
InputError that says where.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from ....primitives import InputError
from .alignment import Named
from .answer import Answer
from .envelope import content_of, is_object, peeked
from .prestate import are_frames, is_frame, read_frames, read_single
from .receipts import are_receipts, read_receipts
from .rpc_block import is_rpc_block, read_rpc_block
from .trace_file import is_trace_file, read_trace_file
from .tracer_test import is_tracer_test, read_tracer_test

_BUNDLE_PARTS_MAX: Final = 16


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
    _Form(is_frame, read_single),
)


def is_answer(document: object) -> bool:
    """Whether this is what a node of Ethereum answers about a block."""
    return _form_of(peeked(document)) is not None or _is_bundle(document)


def read_answers(document: object, name: str) -> list[Named]:
    """The answers in a document of that name: one, or the parts of an object that holds several."""
    if not _is_bundle(document):
        return [Named(name, _read(content_of(document)))]
    return [_read_part(part, inner, name) for part, inner in _parts(document)]


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


def _is_bundle(document: object) -> bool:
    """Whether this is an object of several answers, one of them a block."""
    if not is_object(document) or not 2 <= len(document) <= _BUNDLE_PARTS_MAX:
        return False
    parts = _parts(document)
    return len(parts) > 1 and any(is_rpc_block(peeked(content)) for _, content in parts)


def _parts(document: object) -> Sequence[tuple[str, object]]:
    fields = document if is_object(document) else {}
    return [(part, each) for part, each in fields.items() if _form_of(peeked(each)) is not None]
