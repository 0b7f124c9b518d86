"""Random numbers of generated workloads: the same everywhere, for ever.

Guarantees: the same seed gives the same draws on every machine and with every version of numpy,
because the generator is our own (splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom
number generators", OOPSLA 2014), indexed by row, not taken from a library's stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives.integers import U64_MAX

# One pool, market or book for so many users.
_USERS_A_MARKET: Final = 10

ZIPF_MAX: Final = 10.0  # of exponents
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Draws:
    """`n` transactions of `users` users. Each `stream` is a series of draws of its own.

    `zipf`: the exponent by which `pick` prefers the first choices; None picks evenly.

    >>> draws = Draws(n=4, users=40, zipf=None, seed=7)
    >>> draws.markets, draws.pick(3, stream=0) == draws.pick(3, stream=0)
    (4, True)
    """

    n: int
    users: int
    zipf: float | None
    seed: int

    @property
    def markets(self) -> int:
        """How many pools, books or markets there are: one for every ten users, at least one."""
        return max(1, self.users // _USERS_A_MARKET)

    def pick(self, count: int, *, stream: int) -> list[int]:
        """n choices from [0, count): by zipf, 0 the most frequent, or evenly."""
        if self.zipf is None:
            return self.below(count, stream=stream)
        return zipf_positions(count, self.zipf, self._numbers(stream)).tolist()

    def below(self, bound: int, *, stream: int) -> list[int]:
        """n even draws from [0, bound), bound < 2^32."""
        return below(bound, self._numbers(stream)).tolist()

    def _numbers(self, stream: int) -> NDArray[np.uint64]:
        return numbers(self.n, self.seed, stream)


def numbers(count: int, seed: int, stream: int) -> NDArray[np.uint64]:
    """uint64[count]: splitmix64 started at a mix of seed and stream, one step per row."""
    start = _mixed(np.array([(seed + stream * 0x632BE59BD9B4E019) & U64_MAX], dtype=np.uint64))
    steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return _mixed(start + steps)


def below(bound: int, drawn: NDArray[np.uint64]) -> Positions:
    """Even draws from [0, bound), bound < 2^32: the high half of a 64-bit product (Lemire)."""
    high = drawn >> np.uint64(32)
    return ((high * np.uint64(bound)) >> np.uint64(32)).astype(np.int64)


def zipf_positions(count: int, exponent: float, drawn: NDArray[np.uint64]) -> Positions:
    """Draws from [0, count) with weight 1/rank^exponent."""
    ranks = np.arange(1, count + 1, dtype=np.float64)
    weights = np.cumsum(ranks**-exponent)
    # Thresholds of 32 bits: far coarser than any difference between two machines' `pow`.
    thresholds = np.floor(weights / weights[-1] * 2.0**32).astype(np.uint64)
    thresholds[-1] = 1 << 32
    found = np.searchsorted(thresholds, drawn >> np.uint64(32), side="right")
    return found.astype(np.int64)


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """splitmix64's finalizer; it relies on unsigned arrays wrapping around."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
