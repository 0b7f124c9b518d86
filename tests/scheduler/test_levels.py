"""Levels on chains drawn by hand, for each way in which a chunk of edges is taken."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sealane.scheduler.edges import EDGES_PER_CHUNK, edge_chunks
from sealane.scheduler.levels import PASSES_MAX, SHORT_RANGE, Levels


def levels(pairs: list[tuple[int, int]], transactions: int) -> list[int]:
    found = Levels(transactions)
    for chunk in edge_chunks(np.array(sorted(pairs), dtype=np.uint32)):
        found.deepen(chunk)
    return found.of.tolist()


@pytest.mark.parametrize("length", [1, PASSES_MAX - 1, PASSES_MAX, PASSES_MAX + 1, 3 * PASSES_MAX])
@pytest.mark.parametrize(
    "apart", [1, SHORT_RANGE // PASSES_MAX, SHORT_RANGE // PASSES_MAX + 1, 300]
)
def test_a_chain_however_far_apart_its_transactions_lie(length: int, apart: int) -> None:
    """T0 ─► T1 ─► … in one chunk: walked in a short range, else settled if the chain is short."""
    chain = [(apart * k, apart * (k + 1)) for k in range(length)]
    expected = [0] * (apart * length + 1)
    expected[::apart] = range(length + 1)
    assert levels(chain, len(expected)) == expected


@pytest.mark.parametrize("length", [PASSES_MAX, PASSES_MAX + 1])
@pytest.mark.parametrize("apart", [1, SHORT_RANGE])
def test_a_chain_among_edges_that_end_far_away(length: int, apart: int) -> None:
    """Most edges of the chunk end beyond it: what they lead to stands below the chain's end.

    T0 ─► T1 ─► … ─► Tn
    │     │          │
    └─────┴────…─────┴──► the last, and others from Tn alone
    """
    chain = [apart * k for k in range(length + 1)]
    far = 10_000
    pairs = [*pairwise(chain), *((k, far) for k in chain)]
    pairs += [(chain[-1], far - 1 - k) for k in range(200)]
    expected = [0] * (far + 1)
    expected[: chain[-1] + 1 : apart] = range(length + 1)
    expected[far - 200 :] = [length + 1] * 201
    assert levels(pairs, far + 1) == expected


@pytest.mark.parametrize("length", [EDGES_PER_CHUNK, EDGES_PER_CHUNK + 1, 2 * EDGES_PER_CHUNK + 1])
def test_a_chain_through_several_chunks(length: int) -> None:
    """T0 ─► T1 ─► …, each also two ahead of itself, so that chunks end amid one's edges."""
    pairs = [(k, k + 1) for k in range(length)] + [(k, k + 2) for k in range(length - 1)]
    assert levels(pairs, length + 1) == list(range(length + 1))


def test_a_later_walk_finds_nothing_of_an_earlier_one() -> None:
    """A crowd, then a gap, then a crowd again, both below the same first transaction."""
    crowd = [(k, k + 1) for k in range(EDGES_PER_CHUNK)]
    second = 10 * EDGES_PER_CHUNK
    pairs = [*crowd, (0, second), *((second + a, second + b) for a, b in crowd)]
    expected = [0] * (second + EDGES_PER_CHUNK + 1)
    expected[: EDGES_PER_CHUNK + 1] = range(EDGES_PER_CHUNK + 1)
    expected[second:] = range(1, EDGES_PER_CHUNK + 2)
    assert levels(pairs, len(expected)) == expected
