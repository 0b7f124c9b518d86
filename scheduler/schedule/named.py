"""What a schedule says of a block, with the names that the file gives."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...primitives.exact_integers import exact_integer
from ...primitives.one_line import counted, in_one_line, shortened


class NamedPath(NamedTuple):
    """The critical path: ids in order, and the sum of their costs."""

    transactions: tuple[str, ...]
    cost: int

    def to_dict(self) -> dict[str, Any]:
        return {"transactions": list(self.transactions), "cost": exact_integer(self.cost)}

    def __repr__(self) -> str:
        shown = [shortened(name, 14) for name in self.transactions[:3]]
        ends = " → ".join([*shown, *["…"] * (len(self.transactions) > len(shown))])
        count = f"{counted(len(self.transactions), 'transaction')}, cost {self.cost:,}"
        return in_one_line(f"critical path: {count}{': ' if ends else ''}{ends}")


class NamedHotAccount(NamedTuple):
    """How many transactions write an account, how many only read it, and how many only add."""

    account: str
    writes: int
    reads: int
    adds: int = 0
