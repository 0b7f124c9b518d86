"""Changes to a block: some accounts locked differently, or some transactions left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..access import AccessLists
from ..what_if import commutative, split_each, without_accounts


class Kind(IntEnum):
    """What is done to each account of a change; the mildest first.

    `read_only` is not among them: it wins what WITHOUT does, as neither leaves a conflict.
    """

    SPLIT_2 = 2
    SPLIT_4 = 4
    SPLIT_8 = 8
    COMMUTATIVE = 100
    WITHOUT = 101

    @property
    def parts(self) -> int:
        """Into how many parts an account is split; 1 where it is not."""
        return int(self) if self in SPLITS else 1


SPLITS: Final = (Kind.SPLIT_2, Kind.SPLIT_4, Kind.SPLIT_8)
_Relocked = Callable[[AccessLists, NDArray[np.bool_]], AccessLists]
_RELOCKED: Final[dict[Kind, _Relocked]] = {
    **{kind: partial(split_each, parts=kind.parts) for kind in SPLITS},
    Kind.COMMUTATIVE: commutative,
    Kind.WITHOUT: without_accounts,
}


@dataclass(frozen=True, order=True)
class Change:
    """One kind of change to all of `accounts` (ids, ascending), or transactions left out.

    `left_out`: the word for those, such as "votes"; then there are no accounts.
    """

    kind: Kind
    accounts: tuple[int, ...]
    left_out: str = ""

    @classmethod
    def leaving_out(cls, word: str) -> Change:
        """The change that leaves out the transactions which a word stands for."""
        return cls(Kind.WITHOUT, (), word)

    def relocked(self, access: AccessLists) -> AccessLists:
        """The access lists with the accounts locked as this change has it."""
        if not self.accounts:
            return access
        chosen = np.zeros(access.account_count, dtype=np.bool_)
        chosen[list(self.accounts)] = True
        return _RELOCKED[self.kind](access, chosen)
