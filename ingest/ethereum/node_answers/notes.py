"""Caveats about a block that was joined of several documents, and what came from where.

Guarantees: if all is known, there is no caveat; what a document cannot say is said here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....primitives.one_line import counted
from ..model import BlockSource, EthereumBlock
from ..payments import on_coinbase
from .alignment import Named
from .answer import Caveat


def notes_on(block: EthereumBlock, answers: Sequence[Named]) -> Iterator[str]:
    """The caveats as sentences. `answers`: in the order of precedence."""
    if len(answers) > 1:
        yield from _origins(block, answers)
    if not block.writes_known:
        yield _without_writes(block)
    elif not block.reads_known:
        yield (
            "what each transaction read is not known, so waves are a lower bound; add traces, or "
            "prestateTracer's answer without diffMode, with --with"
        )
    hinted = sum(bool(hints) for hints in block.hints)
    if hinted:
        yield (
            f"access lists (EIP-2930) do not tell reads from writes: every slot that those of "
            f"{counted(hinted, 'transaction')} name counts as written"
        )
    yield from on_coinbase(block)
    for _, answer in answers:
        if answer.kind is BlockSource.TRACE or not block.writes_known:
            yield from (each.text for each in answer.caveats if not _is_settled(each, answers))


def _is_settled(caveat: Caveat, answers: Sequence[Named]) -> bool:
    """Whether another document says what one does not."""
    kind = caveat.settled_by
    saying = [answer for _, answer in answers if kind is not None and answer.kind is kind]
    if kind is BlockSource.PRESTATE:
        return any(_says(answer.transactions, "reads") for answer in saying)
    return bool(saying)


def _without_writes(block: EthereumBlock) -> str:
    if block.reads_known:
        return (
            "what each transaction wrote is not known, but for its payment, so waves are a lower "
            "bound; add traces, a block access list, or prestateTracer's answer in diffMode, with "
            "--with"
        )
    return (
        "what each transaction read and wrote is not known, but for what is certain from what it "
        "asks for, so waves are a lower bound; add traces, a block access list, or "
        "prestateTracer's answers, with --with"
    )


def _origins(block: EthereumBlock, answers: Sequence[Named]) -> Iterator[str]:
    reads = [name for name, answer in answers if _says(answer.transactions, "reads")]
    writes = [name for name, answer in answers if _says(answer.transactions, "writes")]
    if block.reads_known and reads:
        yield f"reads are those of {_listed(reads)}"
    if block.writes_known and writes:
        yield f"writes are those of {writes[0]}"


def _says(transactions: Sequence[object] | None, what: str) -> bool:
    return any(getattr(told, what) is not None for told in transactions or ())


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names)
