"""Limits of a chain's rules. Each is tested at it and one past it."""

from __future__ import annotations

from typing import Final

# A message may be in one of the blocks after the one that it names, and then never again. Solana's
# MAX_PROCESSING_AGE.
BLOCKHASH_AGE_MAX: Final = 150
CHAIN_ID_LEN_MAX: Final = 64
HEIGHT_MAX: Final = 2**40  # so that every time a clock may show fits in 64 bits
GENESIS_TIME_MS_MAX: Final = 2**53
BLOCK_TIME_MS_MAX: Final = 24 * 3600 * 1000
