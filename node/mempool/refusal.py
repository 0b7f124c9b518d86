"""Why a transaction may not wait: plain values, never exceptions.

A refusal is an ordinary answer to a stranger's transaction. Its `code`, CODESPACE and `log` are
what `Checked` has fields for.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

CODESPACE: Final = "mempool"


class RefusalCode(IntEnum):
    """Unique within CODESPACE; a number never changes its meaning."""

    DUPLICATE = 1
    UNDERPRICED_REPLACEMENT = 2
    TOO_MANY_OF_PAYER = 3
    FEES_NOT_COVERED = 4
    FULL = 5
    EXPIRED = 6
    TOO_LARGE = 7


class Refusal(NamedTuple):
    """`log` says in words what was wrong, and what would help."""

    code: RefusalCode
    log: str
