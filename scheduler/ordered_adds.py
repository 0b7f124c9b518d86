"""Access lists in which accounts that are only added to are ordered more strictly.

Guarantees: whatever conflicts still conflicts, so a plan for these lists is one for the given ones.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .access import ADD, READ, AccessLists


def adds_as_writes(access: AccessLists) -> AccessLists:
    """The same accesses, with every add as a write: adds to one account run in block order."""
    if access.adds is None:
        return access
    return replace(access, writes=access.writes | access.adds, adds=None)


def has_runs_of_adds(access: AccessLists) -> bool:
    """Whether adds to one account follow each other, with neither a read nor a write between."""
    if access.adds is None:
        return False
    rows = np.argsort(access.accounts, kind="stable")  # within an account, in block order
    accounts, adds = access.accounts[rows], access.adds[rows]
    return bool(((accounts[1:] == accounts[:-1]) & adds[1:] & adds[:-1]).any())


def first_after_adds(access: AccessLists) -> NDArray[np.bool_]:
    """bool[m]: accesses that read or write what the access just before them added to."""
    after = np.zeros(len(access.accounts), dtype=np.bool_)
    if access.adds is None:
        return after
    rows = np.argsort(access.accounts, kind="stable")  # within an account, in block order
    accounts, kinds = access.accounts[rows], access.kinds_of(rows)
    follows = (accounts[1:] == accounts[:-1]) & (kinds[:-1] == ADD) & (kinds[1:] != ADD)
    after[rows[1:][follows]] = True
    return after


def adds_set_aside(
    access: AccessLists, aside: NDArray[np.bool_], after: NDArray[np.bool_]
) -> AccessLists:
    """The accesses for executing adds to the accounts `aside` bool[K] at the same time.

    The first read after a run of adds is a write here: it is the one that folds them. Adds to all
    other accounts are writes. `after`: that of `first_after_adds`.
    """
    if access.adds is None:
        return access
    kept = access.adds & aside[access.accounts]
    folding = after & aside[access.accounts] & (access.kinds_of(slice(None)) == READ)
    if kept.sum() == access.adds.sum() and not folding.any():
        return access
    return replace(access, writes=access.writes | (access.adds & ~kept) | folding, adds=kept)
