"""The node's limits: what it takes in, keeps and remembers. Each is tested at and past it."""

from __future__ import annotations

from typing import Final, NamedTuple

BLOCK_TRANSACTIONS_MAX: Final = 65_536
BLOCK_LEN_MAX: Final = 64 * 1024 * 1024  # bytes of all transactions of a block
CANDIDATES_MAX: Final = 8  # executed blocks kept at one height; the oldest is dropped
# Transactions kept decoded and verified. With fewer than a block has, a full block would push
# out its own transactions between two calls, each just before it is needed.
PARSED_MAX: Final = BLOCK_TRANSACTIONS_MAX
PARSED_LEN_MAX: Final = 64 * 1024 * 1024  # bytes of them


class ProposalLimits(NamedTuple):
    """What an engine allows a proposal: bytes and number of its transactions.

    Bytes are counted as a protobuf message carries them, with a few for each transaction.
    """

    bytes_max: int = BLOCK_LEN_MAX
    transactions_max: int = BLOCK_TRANSACTIONS_MAX


def carried_len(raw: bytes) -> int:
    """The bytes that a transaction takes in a message: a tag, a varint of its length, itself."""
    return 1 + max(1, (len(raw).bit_length() + 6) // 7) + len(raw)
