"""What holds the critical path together: the accounts that its steps conflict on.

To shorten a path, one of its steps must go, and a step goes only when every account that its two
transactions conflict on does. The path through a single account is as long as its queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..access import WRITE, AccessLists
from ..conflict import conflicts_between
from ..hierarchy import topmost


def step_conflicts(access: AccessLists, path: Sequence[int]) -> NDArray[np.int64]:
    """int64[k, 2]: the accounts that path[step] and path[step + 1] conflict on: (step, account).

    `path` are ascending positions. O(k log k) in the accesses of the path. In a hierarchy, of two
    related accounts the upper one, and no account below another of the same step.
    """
    if access.parents is not None:
        return _topmost_conflicts(access, path)
    positions = np.asarray(path, dtype=np.int64)
    starts, ends = access.offsets[positions], access.offsets[positions + 1]
    places = np.repeat(np.arange(len(positions)), ends - starts)
    # Row r of the path's accesses is row r of the block's, moved by where its transaction begins.
    moved = starts - np.concatenate(([0], np.cumsum(ends - starts)))[:-1]
    rows = np.arange(len(places)) + moved[places]
    accounts, kinds = access.accounts[rows].astype(np.int64), access.kinds_of(rows)
    order = np.lexsort((places, accounts))
    places, accounts, kinds = places[order], accounts[order], kinds[order]
    conflict = (accounts[1:] == accounts[:-1]) & (places[1:] == places[:-1] + 1)
    conflict &= (kinds[1:] != kinds[:-1]) | (kinds[1:] == WRITE)
    found = np.stack([places[:-1][conflict], accounts[:-1][conflict]], axis=1)
    return found[np.lexsort((found[:, 1], found[:, 0]))]


def _topmost_conflicts(access: AccessLists, path: Sequence[int]) -> NDArray[np.int64]:
    found: list[tuple[int, int]] = []
    for step, (earlier, later) in enumerate(pairwise(path)):
        conflicts = conflicts_between(access, earlier, later)
        upper = tuple(sorted({conflict.upper for conflict in conflicts}))
        found += [(step, account) for account in topmost(access.parents, upper)]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def path_accounts(access: AccessLists, path: Sequence[int]) -> list[tuple[int, int]]:
    """Each account that the path's steps conflict on, and on how many steps.

    Most steps first, then the lowest id. A step on several accounts counts for each.
    """
    accounts, steps = np.unique(step_conflicts(access, path)[:, 1], return_counts=True)
    order = np.argsort(-steps, kind="stable")
    return list(zip(accounts[order].tolist(), steps[order].tolist(), strict=True))
