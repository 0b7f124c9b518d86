"""Targets: sets of accounts without which some step of the critical path would go.

A step goes when every account that its two transactions conflict on does, so only sets that hold
all of a step's accounts can shorten the path. Sets of several steps are tried as well, as a step
that is gone may leave another just as long:

    path      0 ── a b ── 1 ── b c ── 2 ── d ── 3
    steps     a b, b c, d
    around b  a b c       all steps that b takes part in
    first k   b, a b, …   the accounts of most steps

And each of these with the accounts that cause the very same conflicts as one of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from ..access import AccessLists
from ..causes.groups import account_groups
from ..causes.path_conflicts import path_accounts, step_conflicts
from ..hierarchy import topmost
from .trials import Trial

# So that a change can be read, and typed.
ACCOUNTS_MAX: Final = 16
# Of the path's steps by their accounts: those that most steps have come first.
STEPS_MAX: Final = 48

Target = tuple[int, ...]


def targets(trial: Trial) -> list[Target]:
    """The sets to try, each once and at most ACCOUNTS_MAX accounts (ids, ascending)."""
    steps = _steps(trial)
    found = dict.fromkeys([*steps, *_around(steps), *_first(trial)])
    found |= dict.fromkeys(_completed(found, trial.access))
    # What is done to an account is done to all below it.
    found = dict.fromkeys(topmost(trial.access.parents, accounts) for accounts in found)
    return [
        accounts
        for accounts in found
        if len(accounts) <= ACCOUNTS_MAX and any(set(step) <= set(accounts) for step in steps)
    ]


def _steps(trial: Trial) -> list[Target]:
    """The accounts of each step, those of most steps first, then in order of the path."""
    by_step: dict[int, list[int]] = {}
    for step, account in step_conflicts(trial.access, trial.path.transactions).tolist():
        by_step.setdefault(step, []).append(account)
    counted = Counter(tuple(sorted(accounts)) for accounts in by_step.values())
    return [accounts for accounts, _ in counted.most_common(STEPS_MAX)]


def _around(steps: Iterable[Target]) -> Iterator[Target]:
    """For each account, those of all steps that it takes part in."""
    around: dict[int, set[int]] = {}
    for accounts in steps:
        for account in accounts:
            around.setdefault(account, set()).update(accounts)
    return (tuple(sorted(accounts)) for accounts in around.values())


def _first(trial: Trial) -> Iterator[Target]:
    """The first 1, 2, … accounts by the number of steps that they take part in."""
    ranked = [account for account, _ in path_accounts(trial.access, trial.path.transactions)]
    return (tuple(sorted(ranked[:n])) for n in range(1, min(len(ranked), ACCOUNTS_MAX) + 1))


def _completed(found: Iterable[Target], access: AccessLists) -> Iterator[Target]:
    """The sets with all accounts that cause the same conflicts as one of theirs."""
    group_of = {
        account: group.accounts for group in account_groups(access) for account in group.accounts
    }
    for accounts in found:
        yield tuple(sorted({each for one in accounts for each in group_of.get(one, (one,))}))
