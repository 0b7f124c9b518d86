"""Blocks whose transactions read, write and add, and what each pair of them conflicts on."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from sealane.scheduler import AccessLists
from sealane.scheduler.what_if import commutative

from ..shapes import blocks, columns

Kinds = list[dict[int, str]]
"""A block: for each transaction, "R", "W" or "A" by account."""


@st.composite
def blocks_with_adds(draw: st.DrawFn) -> tuple[Kinds, AccessLists]:
    """A block of up to 100 accounts, as written down and as access lists."""
    raw = draw(blocks(transactions_max=20))
    some = draw(st.integers(0, 1 << 12))  # as bits: of most blocks, all accounts are below 12
    added = [bool(some >> account & 1) for account in range(100)]
    access = commutative(columns(raw, 100), np.array(added, dtype=np.bool_))
    kinds = [
        {a: "RA"[added[a]] if w and added[a] else "RW"[w] for a, w in sorted(row)} for row in raw
    ]
    return kinds, access


def conflicts(kinds: Kinds, account: int) -> frozenset[tuple[int, int]]:
    """The pairs of transactions that conflict on an account, from all pairs."""
    of = [row.get(account, "") for row in kinds]
    pairs = combinations(range(len(of)), 2)
    return frozenset(
        (i, j) for i, j in pairs if of[i] and of[j] and of[i] + of[j] not in ("RR", "AA")
    )
