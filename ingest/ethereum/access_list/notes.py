"""Caveats about a block of which only its access list is known."""

from __future__ import annotations

from collections.abc import Iterator

from ....primitives.one_line import counted
from ..model import EthereumBlock
from ..payments import on_coinbase
from .changes import AccessList, Numbering
from .numbering import number_list


def notes_on_list(
    block: EthereumBlock, found: AccessList, *, counted_by_list: bool
) -> Iterator[str]:
    """As sentences. `counted_by_list`: nothing else says how many transactions there are."""
    reads = len(block.unindexed_reads) + len(block.touched)
    of_block = f"the block reads {counted(reads, 'key')}" if reads else "it has no reads at all"
    if len(block):
        yield (
            f"the list does not say which transaction reads what ({of_block}), so waves are a "
            "lower bound; add traces, or prestateTracer's answer without diffMode, with --with"
        )
    yield from on_coinbase(block)
    if counted_by_list:
        yield _on_numbering(len(block), number_list(found.accounts, None).numbering)


def _on_numbering(count: int, numbering: Numbering) -> str:
    transactions = counted(count, "transaction")
    if numbering is Numbering.FROM_ZERO:
        return (
            f"the list counts its {transactions} from 0, as early experiments did: what the system "
            "does before and after them is not in it"
        )
    return f"no header says how many transactions there are: the nonces in the list are of {count}"
