"""Balance: an instruction neither creates nor destroys lamports, summed over its accounts.

Source: TransactionContext::pop of Agave (UnbalancedInstruction). Checked at the end of each
instruction, and before each nested call.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ....primitives import InstructionErrors, ProgramFailure

_HALF_BITS: Final = np.uint64(32)
_LOW_HALF: Final = np.uint64(0xFFFF_FFFF)
# Lamports up to this can be summed over the accounts of a shape without wrapping.
_NO_WRAP_MAX: Final = np.uint64(1 << 59)

Lamports = NDArray[np.uint64]


def require_balanced(program: str, before: int, after: int) -> None:
    """Raise ProgramFailure unless the total of lamports, `before` and `after`, is the same."""
    if after != before:
        raise ProgramFailure(
            InstructionErrors.UnbalancedInstruction,
            f"{program} began with {before} lamports over its accounts and "
            f"holds {after}: a difference of {after - before:+}",
        )


def sums_differ(before: Sequence[Lamports], after: Sequence[Lamports]) -> NDArray[np.bool_]:
    """bool[n]: whether the sums over two lists of columns differ. Exact for 16 columns, which is
    as many as a shape has accounts."""
    if all(int(column.max()) <= _NO_WRAP_MAX for column in (*before, *after)):
        return _sum(before) != _sum(after)
    # By halves: sums of 16 half-words do not wrap.
    low = _sum([c & _LOW_HALF for c in before]) != _sum([c & _LOW_HALF for c in after])
    return low | (_sum([c >> _HALF_BITS for c in before]) != _sum([c >> _HALF_BITS for c in after]))


def unbalanced_text(before: Iterable[str], after: Iterable[str]) -> str:
    """The condition, on variables of these names, that the sums differ. Python's never wrap."""
    return f"{' + '.join(after)} != {' + '.join(before)}"


def _sum(columns: Sequence[Lamports]) -> Lamports:
    total = columns[0]
    for column in columns[1:]:
        total = total + column
    return total
