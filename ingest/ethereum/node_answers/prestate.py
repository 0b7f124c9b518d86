"""Reads answers of prestateTracer: for all transactions of a block, or for one.

Forms: debug_traceBlockByNumber (a list of `txHash` and `result`), debug_traceTransaction (one
result), and a batch of the latter; each with its envelope or without. The plain mode says what was
read, diffMode what was written: together they say all, each alone says in a note what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ....primitives import InputError
from ...files.json_values import as_list, as_object
from ..hex_values import as_hash_or_none
from ..model import BlockSource, TransactionFacts
from .answer import TRANSACTIONS_MAX, Answer, Told, transaction_place
from .envelope import content_of, is_list, is_object
from .prestate_frame import is_accounts, is_diff, read_frame, read_state

PLAIN: Final = "prestateTracer"
DIFF: Final = "prestateTracer in diffMode"
_QUOTED_LEN_MAX: Final = 300


def are_frames(document: object) -> bool:
    """Whether this is the list that debug_traceBlockByNumber answers, or a batch of results."""
    if not is_list(document) or not document:
        return False
    first = document[0]
    if not is_object(first) or not ("result" in first or "error" in first):
        return False
    result = first.get("result")
    return "txHash" in first or is_diff(result) or is_accounts(result)


def is_frame(document: object) -> bool:
    """Whether this is the result of one transaction."""
    return is_diff(document) or is_accounts(document)


def is_state(document: object) -> bool:
    """Whether these accounts are a state that was put together, and no tracer's result: a tracer
    leaves out storage where there is none, and spells `codeHash` in its own way."""
    return is_accounts(document) and any(map(_is_put_together, as_object(document, "").values()))


def _is_put_together(account: object) -> bool:
    return is_object(account) and ("code_hash" in account or account.get("storage") == {})


def read_state_file(document: object) -> Answer:
    """A state before a block. Raises InputError, naming account and field."""
    return Answer("a state", kind=None, pre=read_state(document, "the state"))


def read_frames(document: object) -> Answer:
    """Raises InputError, naming transaction and field."""
    entries = as_list(document, "the traces")
    if len(entries) > TRANSACTIONS_MAX:
        raise InputError(f"{len(entries):,} traces; at most {TRANSACTIONS_MAX:,} are read")
    told = [_read_entry(position, entry) for position, entry in enumerate(entries)]
    return answer_of_frames(told)


def read_single(document: object) -> Answer:
    """Of one transaction that the document does not name; plain, it may also be a block's state."""
    answer = answer_of_frames([read_frame(document, "the result")])
    if is_diff(document):
        return answer
    return replace(answer, pre=read_state(document, "the state"))


def answer_of_frames(told: Sequence[Told]) -> Answer:
    """Raises InputError for frames of both modes."""
    in_diff_mode = bool(told) and told[0].writes is not None
    for position, each in enumerate(told):
        if (each.writes is not None) is not in_diff_mode:
            raise InputError(
                f"{transaction_place(position, each.facts.hash)}: of another mode than those "
                "before it; keep the two modes in two files"
            )
    return Answer(DIFF if in_diff_mode else PLAIN, BlockSource.PRESTATE, transactions=told)


def _read_entry(position: int, entry: object) -> Told:
    own_hash = entry.get("txHash") if is_object(entry) else None
    place = transaction_place(position, own_hash)
    fields = as_object(entry, place)
    if fields.get("result") is None and isinstance(fields.get("error"), str):
        raise InputError(
            f"{place}: the tracer failed: {str(fields['error'])[:_QUOTED_LEN_MAX]}; trace it again"
        )
    frame = content_of(fields) if "jsonrpc" in fields else fields.get("result")
    told = read_frame(frame, place)
    facts = TransactionFacts(hash=as_hash_or_none(own_hash, f"{place}: txHash"))
    return Told(facts, told.reads, told.writes, certain_reads=told.certain_reads)
