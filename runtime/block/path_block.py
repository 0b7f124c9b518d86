"""Blocks over paths: their accounts as a hierarchy, with those that only lie above others.

Guarantees: the ids of accounts that the block has stay as they are; new ones follow.
Does not: look at what transactions do; see the scheduler's paths.py and flat_keys.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ...primitives import Pubkey
from ...scheduler.hierarchy import NO_PARENT, require_few_above
from ...scheduler.paths import PathTable
from ..columns.key_column import KeyColumn
from .block import Block


def over_paths(block: Block, paths: Sequence[str], key_of: Callable[[str], Pubkey]) -> Block:
    """The block with its accounts as paths: the parent of each, and new accounts for ancestors.

    `paths` by account id; each in its one spelling, see `path_name`. `key_of` gives the keys of the
    ancestors. Raises ValueError for what is no path, for too many of them,
    and for too many accesses below others.
    """
    table = PathTable()
    named = [table.id_of(path) for path in paths]
    ids = np.full(len(table), NO_PARENT, dtype=np.int64)  # in the block, by id in the table
    ids[named] = np.arange(len(named))
    above = np.flatnonzero(ids == NO_PARENT)
    ids[above] = np.arange(len(named), len(table))
    keys = [*block.keys, *(key_of(table.names[each]) for each in above.tolist())]
    parents = np.full(len(table), NO_PARENT, dtype=np.int64)
    found = table.parents()
    parents[ids] = np.where(found == NO_PARENT, NO_PARENT, ids[found])
    require_few_above(parents, block.access.accounts)
    access = replace(block.access, account_count=len(keys), parents=parents)
    return replace(block, keys=KeyColumn.of(keys), access=access)
