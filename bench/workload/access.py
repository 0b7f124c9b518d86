"""The four shapes for measuring schedulers: transactions with two writes and two reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from ...scheduler import AccessLists
from ..measure.scenario import Scale

READ_ONLY_ACCOUNTS: Final = 50
_SEED: Final = 20_240_613


@dataclass(frozen=True, slots=True)
class Shape:
    """The distribution of writes: over `accounts` accounts, uniform or with weight 1/rank^zipf."""

    name: str
    title: str
    accounts: int
    zipf: float | None = None


def shapes(scale: Scale) -> tuple[Shape, ...]:
    """The four shapes."""
    return (
        Shape("uniform", f"{scale.accounts:,} accounts, evenly", scale.accounts),
        Shape("10k", "10,000 accounts, evenly", 10_000),
        Shape("zipf", f"{scale.zipf_accounts:,} accounts, zipf 1.0", scale.zipf_accounts, 1.0),
        Shape("10", "10 accounts, evenly", 10),
    )


def drawn_pairs(shape: Shape, count: int, *, seed: int = _SEED) -> NDArray[np.int64]:
    """int64[count, 2]: the two accounts that each transaction writes, always distinct."""
    draws = np.random.default_rng(seed)
    if shape.zipf is None:
        first = draws.integers(0, shape.accounts, count)
        other = (first + draws.integers(1, shape.accounts, count)) % shape.accounts
        return np.stack([first, other], axis=1)
    weights = np.cumsum(np.arange(1, shape.accounts + 1, dtype=np.float64) ** -shape.zipf)
    pairs = cast(
        NDArray[np.int64],
        np.searchsorted(weights, draws.random((count, 2)) * weights[-1]),
    )
    same = pairs[:, 0] == pairs[:, 1]
    pairs[same, 1] = (pairs[same, 1] + 1) % shape.accounts
    return pairs


def drawn_reads(first: int, count: int, *, seed: int = _SEED) -> NDArray[np.int64]:
    """int64[count, 2]: two distinct read-only accounts each, with ids from `first` on."""
    draws = np.random.default_rng(seed + 1)
    one = draws.integers(0, READ_ONLY_ACCOUNTS, count)
    other = (one + draws.integers(1, READ_ONLY_ACCOUNTS, count)) % READ_ONLY_ACCOUNTS
    return first + np.stack([one, other], axis=1)


def access_lists(shape: Shape, count: int) -> AccessLists:
    """Access columns of `count` transactions, as input of a scheduler."""
    rows = np.concatenate([drawn_pairs(shape, count), drawn_reads(shape.accounts, count)], axis=1)
    return AccessLists.from_columns(
        np.arange(count + 1, dtype=np.int64) * 4,
        rows.astype(np.uint32).ravel(),
        np.tile(np.array([True, True, False, False]), count),
        shape.accounts + READ_ONLY_ACCOUNTS,
    )
