"""Receipts: fees and compute units as columns, the rest only for transactions that have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from ...primitives import Failure
from ...primitives.one_line import counted, in_one_line, shortened


class Detail(NamedTuple):
    """The parts of a receipt that are empty for most transactions."""

    failure: Failure | None = None
    logs: tuple[str, ...] = ()
    return_data: bytes | None = None


NO_DETAIL = Detail()


class Outcome(NamedTuple):
    """The outcome of executing one transaction. `fee`: lamports charged."""

    fee: int
    compute_units: int
    detail: Detail


@dataclass(frozen=True, slots=True, repr=False)
class Receipt:
    """What became of one transaction.

    `id`: its name. `wave`: the wave of the schedule that it is in, from 0. `error`: None when it
    succeeded. `fee`: lamports charged, also when it failed. `logs`: the programs' log lines.
    `return_data`: what the last program to set any returned, or None.

        receipt = runtime.execute(transactions).transactions[0]
        print(receipt.status, receipt.compute_units)
    """

    id: str
    wave: int
    error: Failure | None
    compute_units: int
    fee: int
    logs: tuple[str, ...]
    return_data: bytes | None

    @property
    def ok(self) -> bool:
        return self.error is None

    @property
    def status(self) -> str:
        return "ok" if self.error is None else "failed"

    def __repr__(self) -> str:
        ended = "ok" if self.error is None else f"failed with {self.error.full_name}"
        return in_one_line(
            f"Receipt {shortened(self.id, 20)}: {ended}, wave {self.wave}, "
            f"{counted(self.compute_units, 'unit')}, fee {self.fee:,}"
        )


class Receipts(Sequence[Receipt]):
    """The receipts of a block, in file order. A Receipt is built when it is accessed.

    Receipts are accessed by position, by slice, or by the transaction's id: `receipts["pay"]`.
    `failed` bool[n], `fees` uint64[n] (lamports), `compute_units` uint64[n], `waves` uint32[n].
    """

    def __init__(
        self,
        ids: Sequence[str],
        waves: NDArray[np.uint32],
        fees: NDArray[np.uint64],
        compute_units: NDArray[np.uint64],
        details: dict[int, Detail],
    ) -> None:
        self.ids = ids
        self.waves = waves
        self.fees = fees
        self.compute_units = compute_units
        self.details = details
        self.failed = np.zeros(len(ids), dtype=np.bool_)
        for position, detail in details.items():
            self.failed[position] = detail.failure is not None

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {name: position for position, name in enumerate(self.ids)}

    def __getstate__(self) -> dict[str, Any]:
        return {name: kept for name, kept in vars(self).items() if name != "_positions"}

    def __contains__(self, item: object) -> bool:
        return item in self._positions if isinstance(item, str) else super().__contains__(item)

    @overload
    def __getitem__(self, index: int | str) -> Receipt: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Receipt]: ...
    def __getitem__(self, index: int | str | slice) -> Receipt | Sequence[Receipt]:
        """Raises KeyError, IndexError and TypeError."""
        if isinstance(index, slice):
            return [self._receipt(position) for position in range(*index.indices(len(self)))]
        return self._receipt(self._position(index))

    def _position(self, index: int | str) -> int:
        if isinstance(index, str):
            if index not in self._positions:
                raise KeyError(f"no transaction has the id {index!r}; see receipts.ids")
            return self._positions[index]
        if not hasattr(index, "__index__"):
            kind = type(index).__name__
            raise TypeError(f"give a position, a slice or a transaction's id, not {kind}")
        try:
            return range(len(self))[index]
        except IndexError:
            raise IndexError(f"no transaction {index} among {len(self):,}") from None

    def __iter__(self) -> Iterator[Receipt]:
        return map(self._receipt, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Receipts):
            return NotImplemented
        return (
            list(self.ids) == list(other.ids)
            and np.array_equal(self.waves, other.waves)
            and np.array_equal(self.fees, other.fees)
            and np.array_equal(self.compute_units, other.compute_units)
            and self._told() == other._told()
        )

    def _told(self) -> dict[int, Detail]:
        return {at: detail for at, detail in self.details.items() if detail != NO_DETAIL}

    def __repr__(self) -> str:
        return f"<Receipts of {len(self)} transactions, {int(self.failed.sum())} failed>"

    def _receipt(self, position: int) -> Receipt:
        detail = self.details.get(position, NO_DETAIL)
        return Receipt(
            id=self.ids[position],
            wave=int(self.waves[position]),
            error=detail.failure,
            compute_units=int(self.compute_units[position]),
            fee=int(self.fees[position]),
            logs=detail.logs,
            return_data=detail.return_data,
        )
