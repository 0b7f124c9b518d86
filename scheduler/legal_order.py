"""Legal orders: random ways to run a block that give what strict order gives.

For checking, not for running: whatever depends on more than the declared accounts shows up as
a difference between two legal orders.
"""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

from .countdown import Countdown
from .dag import Dag


def legal_order(dag: Dag, seed: int) -> NDArray[np.uint32]:
    """uint32[n]: a topological order, the same for the same DAG and seed.

    Each time, any of the transactions that wait for nobody goes next; or, as often as this seed
    is eager, one that the last transaction freed. Without eagerness the ends of long chains
    would nearly always come last, and what they do to the others would go unseen.
    Only `Random.random` is used: its sequence is the same in every Python.
    """
    draw = Random(seed).random
    eagerness = draw()
    countdown = Countdown(dag.order)
    ready = countdown.free()
    order: list[int] = []
    freed = False
    while ready:
        follow = freed and draw() < eagerness
        chosen = len(ready) - 1 if follow else int(draw() * len(ready))
        ready[chosen], ready[-1] = ready[-1], ready[chosen]
        position = ready.pop()
        order.append(position)
        others = len(ready)
        countdown.done(position, ready)
        freed = len(ready) > others
    return np.array(order, dtype=np.uint32)
