"""A DAG with the names that its transactions and accounts have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...primitives import UsageError
from ..access import AccessLists
from ..conflict import Conflict, conflicts_between
from ..costs import checked_costs
from ..dag import Dag, build_dag
from ..paths import SEPARATOR, WILDCARD
from .about import About
from .lookup import find_account, find_transaction
from .named_explanations import NamedConflict

_LISTED_MAX: Final = 3


class NamedDag:
    """`access`, `costs` int64[n], and the names: `ids` by position, `names` by account id.

    `about`: what else transactions and accounts are called; by default nothing is known.

    Raises ValueError for bad costs, and for ids or names that are not one text of its own for each.
    """

    def __init__(
        self,
        access: AccessLists,
        costs: ArrayLike | None = None,
        *,
        ids: Sequence[str] | None = None,
        names: Sequence[str] | None = None,
        source: str = "",
        about: About | None = None,
    ) -> None:
        count = len(access)
        self.access = access
        self.costs = checked_costs(np.ones(count, np.int64) if costs is None else costs, count)
        self.ids = [f"t{n}" for n in range(count)] if ids is None else ids
        self.names = list(map(str, range(access.account_count))) if names is None else names
        self.source = source
        self.about = About.unknown(access, self.names) if about is None else about
        _require_one_each("ids", self.ids, count, "transactions")
        _require_one_each("names", self.names, access.account_count, "accounts")

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.access)

    @cached_property
    def dag(self) -> Dag:
        """Who waits directly for whom, by position."""
        return build_dag(self.access)

    @cached_property
    def every_edge(self) -> NDArray[np.uint32]:
        """uint32[k, 2]: who waits directly for whom, by position (earlier, later), sorted.

        What joins stand for is counted in. Raises UsageError where that is more than can be listed.
        """
        try:
            return self.dag.every_edge()
        except ValueError as error:
            raise UsageError(str(error), path=self.source or None) from None

    def position(self, transaction: str) -> int:
        """The place in the file of the transaction that this names. Raises UsageError."""
        return find_transaction(self.ids, transaction, self.source or None)

    def account_id(self, account: str) -> int:
        """The dense id of the account that this names or labels. Raises UsageError."""
        name = self.spelled(account)
        found = None if name in self.names else self.labelled(account)
        if found is not None:
            return found
        group = self.group(account)
        if group is None or len(group) == 1:
            return group[0] if group else find_account(self.names, name, self.source or None)
        listed = ", ".join(self.names[each] for each in group[:_LISTED_MAX])
        more = ", …" if len(group) > _LISTED_MAX else ""
        raise UsageError(
            f"{account!r} stands for {len(group)} accounts: {listed}{more}; name one of them",
            path=self.source or None,
        )

    def account_ids(self, account: str) -> list[int]:
        """The ids of all accounts that this names or labels: of one, or of a group."""
        group = None if self.spelled(account) in self.names else self.group(account)
        return [self.account_id(account)] if group is None else list(group)

    def group(self, word: str) -> Sequence[int] | None:
        """The accounts of the group that has this name or label; None if there is none."""
        groups = self.about.accounts.groups
        found = groups.get(self.spelled(word))
        if found is not None:
            return found
        names = (name for name, label in self.about.accounts.labels.items() if label == word)
        return next((groups[name] for name in names if name in groups), None)

    def spelled(self, account: str) -> str:
        """As the file would spell a name; of paths, `bank/*` is `bank`."""
        if not isinstance(account, str):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
            return account
        if self.access.parents is not None:
            account = account.removesuffix(f"{SEPARATOR}{WILDCARD}")
        return self.about.accounts.spell(account)

    def labelled(self, label: str) -> int | None:
        """The id of the only account with this label; None if there is none. Raises UsageError."""
        words = (name for name, known in self.about.accounts.labels.items() if known == label)
        accounts = [self.names.index(name) for name in words if name in self.names]
        if len(accounts) > 1:
            listed = ", ".join(self.names[account] for account in accounts[:_LISTED_MAX])
            raise UsageError(
                f"{label!r} is the label of {len(accounts)} accounts: {listed}",
                path=self.source or None,
            )
        return accounts[0] if accounts else None

    def conflicts(self, earlier: int, later: int) -> tuple[NamedConflict, ...]:
        """On what two transactions, by position, conflict. Raises ValueError and IndexError."""
        return tuple(map(self.named, conflicts_between(self.access, earlier, later)))

    def named(self, conflict: Conflict) -> NamedConflict:
        """The conflict with the names of its accounts."""
        above = None if conflict.ancestor is None else self.names[conflict.ancestor]
        return NamedConflict(self.names[conflict.account], conflict.kind.value, above)


def _require_one_each(what: str, given: Sequence[str], count: int, of: str) -> None:
    if len(given) != count:
        raise ValueError(f"{len(given):,} {what} for {count:,} {of}: give one for each")
    first: dict[str, int] = {}
    for place, name in enumerate(given):
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
            raise ValueError(f"{what}[{place}] is {name!r}: each must be text")
        if first.setdefault(name, place) != place:
            raise ValueError(f"{what}[{first[name]}] and {what}[{place}] are both {name!r}")
