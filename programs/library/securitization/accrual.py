"""What each note was paid, and what a holding is therefore owed. For ints and columns alike.

A distribution raises the tranche's `paid_index`; nobody's holding is touched until it is used.
"""

from __future__ import annotations

from typing import Final

from .state import Holding, Tranche

ONE: Final = 10**18  # decimal, so that everyday amounts divide without a rest


def index_rise(amount: int, notes: int) -> int:
    """How much the index rises when `amount` is paid to `notes`; rounded down, for the deal."""
    return amount * ONE // notes


def settle(holding: Holding, tranche: Tranche) -> None:
    """Credit a holding with what its notes were paid since it was last settled; rounded down."""
    risen = tranche.paid_index - holding.paid_index
    holding.owed += holding.notes * risen // ONE
    holding.paid_index = tranche.paid_index
