"""What a block's transactions and accounts are called and belong to, as its file tells.

Guarantees: what cannot be told is said to be unknown, never guessed. Does not: change a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..access import AccessLists
from .belonging import Belonging
from .calls import Calls

NO_PAYER = -1


@dataclass(frozen=True, eq=False, repr=False)
class About:
    """n transactions, by position in the schedule, and the accounts that they lock.

    `payers` int64[n]: account id of who pays the fee, NO_PAYER where there is none or none known.
    `priorities` int64[n]: lamports offered for a million compute units; 0 where there is no bid.
    `own_cost` bool[n]: whether the file says what it costs; elsewhere something stands in.
    `is_vote` bool[n]. `failed` bool[n]: whether it failed when it was recorded; None if nothing
    tells. `called`: what the top-level instructions call. `accounts`: what accounts belong to.
    `phrases`: of each transaction who sent it where, or empty where the file tells of none.
    """

    payers: NDArray[np.int64]
    priorities: NDArray[np.int64]
    own_cost: NDArray[np.bool_]
    is_vote: NDArray[np.bool_]
    failed: NDArray[np.bool_] | None
    called: Calls
    accounts: Belonging
    phrases: Sequence[str] = ()

    @classmethod
    def unknown(cls, access: AccessLists, names: Sequence[str]) -> About:
        """What is known of bare locks: nothing."""
        count = len(access)
        payers, calls = np.full(count, NO_PAYER, dtype=np.int64), Calls.unknown(count)
        return cls(
            payers=payers,
            priorities=np.zeros(count, dtype=np.int64),
            own_cost=np.zeros(count, dtype=np.bool_),
            is_vote=np.zeros(count, dtype=np.bool_),
            failed=None,
            called=calls,
            accounts=Belonging(names, access, payers, calls),
        )

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.payers)

    def __repr__(self) -> str:
        return f"<About {len(self):,} transactions, {len(self.called):,} instructions>"

    def kept(self, kept: NDArray[np.bool_]) -> About:
        """The same of the transactions in `kept` (bool[n]). Accounts belong to whom they did."""
        return About(
            self.payers[kept],
            self.priorities[kept],
            self.own_cost[kept],
            self.is_vote[kept],
            None if self.failed is None else self.failed[kept],
            self.called.kept(kept),
            self.accounts,
            [phrase for phrase, stays in zip(self.phrases, kept.tolist(), strict=False) if stays],
        )

    def phrase(self, position: int) -> str:
        """Who sent a transaction where, such as "from alice to USDC"; empty if unknown."""
        return self.phrases[position] if self.phrases else ""

    @cached_property
    def programs(self) -> list[tuple[str, ...]]:
        """The programs that a transaction's own instructions call, in order, once each."""
        return self.called.programs_by_position()

    @cached_property
    def calls(self) -> list[tuple[str, ...]]:
        """What each instruction of a transaction is: "token.transfer", or "PROGRAM:hex".

        The second form where the program's instructions are not known: the first bytes of the data.
        """
        return self.called.names_by_position()

    def label(self, name: str) -> str | None:
        """What people call the account or program of this name, such as "wrapped SOL"."""
        return self.accounts.labels.get(name)

    def labelled(self, names: Iterable[str]) -> dict[str, str]:
        """The labels of those names that have one, in the order of the names."""
        labels = self.accounts.labels
        return {name: labels[name] for name in names if name in labels}

    def belongs_to(self, account: int) -> str:
        """Whose the account of this id is, in a phrase; empty if unknown. See Belonging.of."""
        return self.accounts.of(account)
