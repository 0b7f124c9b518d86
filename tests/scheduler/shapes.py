"""Blocks for the scheduler's tests: drawn by hand, by Hypothesis, or large by a seed."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from sealane.scheduler import AccessLists

Raw = list[list[tuple[int, bool]]]
"""A block as written down: (account, is a write) for each access, repeats and all."""


def drawn(*transactions: str) -> AccessLists:
    """One text a transaction: `drawn("Wa", "Ra Wb")` writes a; then reads a and writes b."""
    raw: Raw = [
        [(ord(access[1]) - ord("a"), access[0] == "W") for access in text.split()]
        for text in transactions
    ]
    return columns(raw, 26)


def columns(raw: Raw, account_count: int) -> AccessLists:
    flat = [access for transaction in raw for access in transaction]
    offsets = [0]
    for transaction in raw:
        offsets.append(offsets[-1] + len(transaction))
    accounts = [account for account, _ in flat]
    writes = np.array([is_write for _, is_write in flat], dtype=np.bool_)
    return AccessLists.from_columns(offsets, accounts, writes, account_count)


@st.composite
def blocks(draw: st.DrawFn, transactions_max: int = 40) -> Raw:
    """Few accounts or many, mostly reads or mostly writes, with or without a hot account."""
    account_count = draw(st.sampled_from([1, 2, 4, 12, 100]))
    writes_of_ten = draw(st.sampled_from([0, 1, 3, 5, 9, 10]))
    hot_of_ten = draw(st.sampled_from([0, 0, 3, 8]))
    width_max = draw(st.sampled_from([1, 2, 4, 8]))
    account = st.one_of(
        [st.just(0)] * hot_of_ten + [st.integers(0, account_count - 1)] * (10 - hot_of_ten)
    )
    is_write = st.integers(0, 9).map(lambda k: k < writes_of_ten)
    transaction = st.lists(st.tuples(account, is_write), max_size=width_max)
    return draw(st.lists(transaction, max_size=transactions_max))


def seeded(shape: str, transactions: int, seed: int = 1) -> AccessLists:
    """Two writes and two reads each; the reads among 50 accounts that nobody writes."""
    chance = np.random.default_rng(seed)
    pick: dict[str, tuple[int, float]] = {
        "wide": (transactions * 10, 0.0),
        "busy": (transactions // 10, 0.0),
        "zipf": (transactions, 1.0),
        "hot": (10, 0.0),
    }
    account_count, exponent = pick[shape]
    weights = 1.0 / np.arange(1, account_count + 1) ** exponent
    written = chance.choice(account_count, (transactions, 2), p=weights / weights.sum())
    read = account_count + chance.integers(0, 50, (transactions, 2))
    accounts: NDArray[np.int64] = np.concatenate([written, read], axis=1).ravel()
    writes = np.tile(np.array([True, True, False, False]), transactions)
    offsets = np.arange(transactions + 1) * 4
    return AccessLists.from_columns(offsets, accounts, writes, account_count + 50)
