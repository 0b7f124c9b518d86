"""Pending transactions for packers: drawn by hand or by Hypothesis, and an independent checker."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st

from sealane.scheduler.packing import BlockLimits, Pending

from ..shapes import Raw, blocks, columns, drawn

ACCOUNTS = 100


def waiting(*transactions: str, costs: list[int], priorities: list[int] | None = None) -> Pending:
    """`waiting("Wa", "Ra Wb", costs=[5, 6])`: of equal priority by default."""
    return Pending.of(drawn(*transactions), costs, priorities or [0] * len(costs))


class Offered:
    """What was drawn, as plain rows, and as a packer takes it."""

    def __init__(self, raw: Raw, rows: list[tuple[int, int, bool, int, int]]) -> None:
        self.raw = raw
        self.rows = rows
        costs, priorities, votes, allocated, sizes = (
            [row[column] for row in rows] for column in range(5)
        )
        self.pending = Pending.of(
            columns(raw, ACCOUNTS),
            costs,
            priorities,
            simple_votes=[bool(vote) for vote in votes],
            allocated=allocated,
            sizes=sizes,
        )

    def written(self, position: int) -> set[int]:
        return {account for account, is_write in self.raw[position] if is_write}

    def conflict(self, one: int, other: int) -> bool:
        touched = [{account for account, _ in self.raw[position]} for position in (one, other)]
        return bool(self.written(one) & touched[1] or self.written(other) & touched[0])


@st.composite
def offers(draw: st.DrawFn) -> Offered:
    raw = draw(blocks())
    row = st.tuples(
        st.integers(0, 9), st.integers(0, 3), st.booleans(), st.integers(0, 5), st.integers(0, 5)
    )
    return Offered(raw, draw(st.lists(row, min_size=len(raw), max_size=len(raw))))


def limits() -> st.SearchStrategy[BlockLimits]:
    small = st.sampled_from([0, 3, 9, 20, 40, 1_000])
    maybe = st.none() | small
    return st.builds(BlockLimits, small, small, maybe, small, maybe, maybe)


def require_within(offered: Offered, positions: list[int], of: BlockLimits) -> None:
    """Replay a block against its limits, from the rows alone, at every length of it."""
    assert len(set(positions)) == len(positions)
    rows = [offered.rows[position] for position in positions]
    accounts: Counter[int] = Counter()
    for position, (cost, *_) in zip(positions, rows, strict=True):
        assert cost <= of.account_cost_max
        accounts.update(dict.fromkeys(offered.written(position), cost))
    assert sum(cost for cost, *_ in rows) <= of.cost_max
    assert all(used <= of.account_cost_max for used in accounts.values())
    assert sum(row[3] for row in rows) <= of.allocated_bytes_max
    if of.vote_cost_max is not None:
        assert sum(row[0] for row in rows if row[2]) <= of.vote_cost_max
    assert of.transactions_max is None or len(rows) <= of.transactions_max
    assert of.bytes_max is None or sum(row[4] for row in rows) <= of.bytes_max
