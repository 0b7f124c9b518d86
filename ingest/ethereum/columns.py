"""The accesses of an Ethereum block as columns: what the scheduler takes.

Guarantees: ids are dense, numbered by first occurrence; within a transaction a key is there once,
with its strongest right. At account granularity the keys of one address are one account, named by
the address: read, written or added to if any of its keys is.
Does not: include what the system does before and after the transactions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .keys import StateKey
from .model import EthereumBlock, Step


class Granularity(Enum):
    """What counts as one account: a key, or an address with all its keys."""

    SLOT = "slot"
    ACCOUNT = "account"


class Access(Enum):
    """What a transaction does to a key."""

    READ = 0
    WRITE = 1
    ADD = 2


class EthereumColumns(NamedTuple):
    """The accesses of n transactions, m in all, to k accounts.

    `offsets` int64[n+1]: transaction i has rows offsets[i]:offsets[i+1]. `accounts` uint32[m]:
    ids below k. `writes`, `adds` bool[m]: never both. `names` (k): `address:part`, or the address.
    """

    offsets: NDArray[np.int64]
    accounts: NDArray[np.uint32]
    writes: NDArray[np.bool_]
    adds: NDArray[np.bool_]
    names: list[str]


def access_columns(
    block: EthereumBlock, granularity: Granularity = Granularity.SLOT
) -> EthereumColumns:
    """The accesses of a block's transactions, hints counted as writes."""
    ids: dict[str, int] = {}
    offsets = [0]
    accounts: list[int] = []
    kinds: list[Access] = []
    for position, step in enumerate(block.steps):
        hints = block.hints[position] if block.hints else ()
        joined: dict[str, Access] = {}
        for key, kind in _accesses(step, hints):
            name = key.name if granularity is Granularity.SLOT else key.address
            joined[name] = _stronger(joined.get(name, kind), kind)
        accounts += [ids.setdefault(name, len(ids)) for name in joined]
        kinds += joined.values()
        offsets.append(len(accounts))
    return EthereumColumns(
        np.array(offsets, dtype=np.int64),
        np.array(accounts, dtype=np.uint32),
        np.array([kind is Access.WRITE for kind in kinds], dtype=np.bool_),
        np.array([kind is Access.ADD for kind in kinds], dtype=np.bool_),
        list(ids),
    )


def step_accesses(step: Step) -> dict[StateKey, Access]:
    """What a step does to each of its keys: writes first, then adds and reads."""
    accesses = dict.fromkeys(step.writes, Access.WRITE)
    for kind, keys in ((Access.ADD, step.adds), (Access.READ, step.reads)):
        for key in keys:
            accesses.setdefault(key, kind)
    return accesses


def _accesses(step: Step, hints: Iterable[StateKey]) -> Iterator[tuple[StateKey, Access]]:
    yield from step_accesses(step).items()
    for key in hints:
        yield key, Access.WRITE


def _stronger(one: Access, other: Access) -> Access:
    """What two accesses of one account come to: reading and adding depend on the order, so it is
    a write."""
    return one if one is other else Access.WRITE
