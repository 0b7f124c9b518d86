"""The search for advice: single changes and pairs of them, tried on the block and ranked.

    targets of the path ──▶ taken away ──▶ the best: split, only added to      single changes
                                │
                                ▼ what is then the path
                            its targets ──▶ taken away, too ──▶ both: each kind    pairs

Nothing that is done to accounts wins more than taking their locks away, so that is tried first. The
second of a pair is sought on the path that the first one leaves: two chains of equal cost, on
accounts of their own, only get shorter together. The search is greedy, so a better pair may exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..access import AccessLists
from ..critical_path import CriticalPath
from .change import SPLITS, Change, Kind
from .targets import targets
from .trials import Trial, Trials

SPEED_UP_WORKERS: Final = (4, 64)
ADVICE_MAX: Final = 10
_TARGETS_SPLIT_MAX: Final = 16
_BASES_MAX: Final = 10
_SECONDS_MAX: Final = 3  # to each base
_PAIRS_MAX: Final = 10
# Both alike, or each in its own way: with three kinds of splits all ways would be 25.
_KINDS_OF_PAIRS: Final = (
    *((kind, kind) for kind in SPLITS[:-1]),
    *product((Kind.SPLIT_8, Kind.COMMUTATIVE, Kind.WITHOUT), repeat=2),
)

_Asked = Mapping[int | str, Kind]  # what is done to accounts, and to what a word stands for


class Advice(NamedTuple):
    """Changes to make together, and what the block then comes to.

    `parallelism`: total cost / critical path cost. `speed_ups` by SPEED_UP_WORKERS: total cost /
    makespan in so many lanes, planned as the runtime does.
    """

    changes: tuple[Change, ...]
    critical_path_cost: int
    parallelism: float
    speed_ups: Mapping[int, float]


def advise(
    access: AccessLists,
    costs: NDArray[np.int64],
    path: CriticalPath,
    *,
    left_out: Mapping[str, NDArray[np.bool_]] | None = None,
    limit: int = ADVICE_MAX,
) -> list[Advice]:
    """At most `limit` changes or pairs that make `path` cheaper, what wins most first.

    `path` is the critical path at `costs` int64[n], which must have been checked. `left_out`
    bool[n] by word: transactions that could be left out. What does the same to the same accounts
    as another, and more, is advised only if it wins more. Of the rest, those come first of which no
    other wins as much by doing no more to no more accounts.
    """
    trials = Trials(access, costs, path, left_out or {})
    found = list(_undominated(_winning(trials), _asks_no_more))
    leading = list(_undominated(found, _asks_fewer))
    others = [trial for trial in found if trial not in leading]
    milder = (_milder(trials, trial) for trial in [*leading, *others][:limit])
    chosen = {trial.changes: trial for trial in milder}
    return [
        Advice(
            trial.changes,
            trial.path.cost,
            trial.parallelism,
            trial.speed_ups(*SPEED_UP_WORKERS),
        )
        for trial in sorted(chosen.values(), key=_rank)
    ]


def _winning(trials: Trials) -> list[Trial]:
    """All that make the path cheaper by more than the block, the best first, each once."""
    now = trials.as_it_is
    found = {
        trial.changes: trial
        for trial in _all_trials(trials)
        if trial.path.cost < now.path.cost and trial.parallelism > now.parallelism
    }
    return sorted(found.values(), key=_rank)


def _all_trials(trials: Trials) -> Iterator[Trial]:
    """Every change and pair that is considered."""
    taken = list(_taken_away(trials, trials.as_it_is))
    winning = [each for each in taken if each.path.cost < trials.as_it_is.path.cost]
    for trial in winning[:_TARGETS_SPLIT_MAX]:
        for each in (trial, _smaller(trials, trial)):
            yield from _kinds(trials, *each.changes)
    words = [trials.tried(Change.leaving_out(word)) for word in trials.left_out]
    without = [trial for trial in words if trial is not None]
    yield from without
    bases = [*taken[:_BASES_MAX], *sorted(without, key=_rank)[:2]]
    pairs = {trial.changes: trial for base in bases for trial in _seconds(trials, base)}
    for trial in sorted(pairs.values(), key=_rank)[:_PAIRS_MAX]:
        yield from _kinds(trials, *_smaller(trials, trial).changes)


def _taken_away(trials: Trials, base: Trial) -> list[Trial]:
    """The base without each target of its path, the least costly path first.

    One that leaves a path of the same cost is among them: another change may shorten that.
    """
    locked = {account for change in base.changes for account in change.accounts}
    found: dict[tuple[Change, ...], Trial] = {}
    for target in targets(base):
        if locked.isdisjoint(target):
            trial = trials.tried(*base.changes, Change(Kind.WITHOUT, target))
            if trial is not None and trial.path != base.path:
                found[trial.changes] = trial
    return sorted(found.values(), key=_rank)


def _seconds(trials: Trials, base: Trial) -> Iterator[Trial]:
    """The base and a second change; those that win most beside it."""
    found = (each for each in _taken_away(trials, base) if each.path.cost < base.path.cost)
    yield from list(found)[:_SECONDS_MAX]


def _smaller(trials: Trials, trial: Trial) -> Trial:
    """The same with as few accounts as do as well: one after another is put back."""
    for account in [each for change in trial.changes for each in change.accounts]:
        fewer = (
            Change(each.kind, tuple(a for a in each.accounts if a != account), each.left_out)
            for each in trial.changes
        )
        found = trials.tried(*(each for each in fewer if each.accounts or each.left_out))
        if found is not None and found.path.cost <= trial.path.cost:
            trial = found
    return trial


def _kinds(trials: Trials, *changes: Change) -> Iterator[Trial]:
    """The same changes, milder: each account of them split, or only added to."""
    ways: Iterable[tuple[Kind, ...]] = _KINDS_OF_PAIRS
    if len(changes) == 1:
        ways = ((kind,) for kind in Kind)
    for kinds in ways:
        changed = (
            Change(kind if each.accounts else each.kind, each.accounts, each.left_out)
            for kind, each in zip(kinds, changes, strict=True)
        )
        trial = trials.tried(*changed)
        if trial is not None:
            yield trial


def _milder(trials: Trials, trial: Trial) -> Trial:
    """The same with the mildest kind of each change that does as well beside the others."""
    for change in trial.changes:
        others = [each for each in trial.changes if each != change]
        for kind in Kind if change.accounts else ():
            milder = Change(min(kind, change.kind), change.accounts)
            found = trials.tried(milder, *others)
            if found is not None and found.path.cost <= trial.path.cost:
                trial = found
                break
    return trial


def _undominated(
    found: Sequence[Trial], asks_no_more: Callable[[_Asked, _Asked], bool]
) -> Iterator[Trial]:
    """Those of which no other wins as much and asks for no more; of equals, the first."""
    asked = [_asked(trial) for trial in found]
    for place, trial in enumerate(found):
        if not any(
            asks_no_more(asked[other], asked[place])
            and _wins_no_less(found[other], trial)
            and (other < place or not asks_no_more(asked[place], asked[other]))
            for other in range(len(found))
        ):
            yield trial


def _asked(trial: Trial) -> _Asked:
    """What is done to each account, and to transactions that are left out."""
    return {
        each: change.kind
        for change in trial.changes
        for each in (*change.accounts, *([change.left_out] if change.left_out else []))
    }


def _asks_no_more(less: _Asked, more: _Asked) -> bool:
    """Whether nothing is done that is not done as well, or worse, to the very same accounts."""
    return all(each in more and kind <= more[each] for each, kind in less.items())


def _asks_fewer(less: _Asked, more: _Asked) -> bool:
    """Whether no more is done to no more accounts, whichever they are, and no more is left out."""
    left_out = [sum(isinstance(each, str) for each in asked) for asked in (less, more)]
    fewer = left_out[0] <= left_out[1] and len(less) - left_out[0] <= len(more) - left_out[1]
    return fewer and max(less.values()) <= max(more.values())


def _wins_no_less(one: Trial, other: Trial) -> bool:
    return one.path.cost <= other.path.cost and one.parallelism >= other.parallelism


def _rank(trial: Trial) -> tuple[float, int, int, tuple[Change, ...]]:
    accounts = sum(len(change.accounts) for change in trial.changes)
    return -trial.parallelism, len(trial.changes), accounts, trial.changes
