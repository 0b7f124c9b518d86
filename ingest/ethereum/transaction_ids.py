"""What transactions of a block are called: their hashes, or their positions."""

from __future__ import annotations

from .model import EthereumBlock


def transaction_ids(block: EthereumBlock) -> list[str]:
    """The hash of each transaction; `tx0`, `tx1`, … by position where it is not known."""
    return [facts.hash or f"tx{position}" for position, facts in enumerate(block.facts)]
