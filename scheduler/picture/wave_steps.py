"""A block wave by wave, as one would explain it at a blackboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..access import AccessLists
from ..causes import blocking_accounts
from ..waves import Waves


class Blocker(NamedTuple):
    """An account, and how many of those that become ready wait on it for the wave just before."""

    account: int
    transactions: int


class WaveStep(NamedTuple):
    """What is the case while a wave runs. Positions are ascending.

    `running`: the wave. `ready`: those of the next wave shown, which can begin once it is their
    turn. `blockers`: the accounts on which they wait, most transactions first, then the lowest id.
    `done`: how many ran before. `waiting`: how many are neither done, running nor ready.
    """

    wave: int
    running: list[int]
    ready: list[int]
    blockers: list[Blocker]
    done: int
    waiting: int


def wave_steps(
    access: AccessLists, waves: Waves, chosen: NDArray[np.integer]
) -> Iterator[WaveStep]:
    """A step for each wave that has some of the chosen transactions (ascending), in order.

    All lists and counts are of these alone; who blocks them is told by the whole block.
    """
    groups: dict[int, list[int]] = {}
    wave_of: list[int] = waves.wave_of[chosen].tolist()
    for wave, position in sorted(zip(wave_of, chosen.tolist(), strict=True)):
        groups.setdefault(wave, []).append(position)
    is_chosen = np.zeros(len(access), np.bool_)
    is_chosen[chosen] = True
    blocked: dict[int, Counter[int]] = {wave: Counter() for wave in groups}
    pairs = blocking_accounts(access, waves)
    kept: list[tuple[int, int]] = pairs[is_chosen[pairs[:, 0]]].tolist()
    for position, account in kept:
        blocked[int(waves.wave_of[position])][account] += 1
    order = list(groups)
    done = 0
    for wave, following in zip_longest(order, order[1:], fillvalue=-1):
        running, ready = groups[wave], groups.get(following, [])
        waited: Counter[int] = blocked.get(following, Counter())
        ranked = sorted(waited.items(), key=lambda item: (-item[1], item[0]))
        blockers = [Blocker(*item) for item in ranked]
        waiting = len(chosen) - done - len(running) - len(ready)
        yield WaveStep(wave, running, ready, blockers, done, waiting)
        done += len(running)
