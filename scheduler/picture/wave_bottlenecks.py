"""For what the transactions of each wave wait: the accounts that block most, and all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..access import AccessLists
from ..causes import Bottleneck, blocking_accounts, worst_bottlenecks
from ..waves import Waves


@dataclass(frozen=True, eq=False, repr=False)
class WaveBottlenecks:
    """The `bottlenecks` of a block, the worst first, and for each transaction which one blocks it.

    `kind_of` int64[n]: an index into `bottlenecks`; their number for another account; one more for
    a transaction of wave 0, which nothing blocks.
    """

    bottlenecks: list[Bottleneck]
    kind_of: NDArray[np.int64]
    wave_of: NDArray[np.uint32]

    @classmethod
    def of(cls, access: AccessLists, waves: Waves, limit: int) -> WaveBottlenecks:
        """At most `limit` bottlenecks; see `worst_bottlenecks`."""
        pairs = blocking_accounts(access, waves)
        bottlenecks, kind_of = worst_bottlenecks(pairs, len(access), limit)
        kinds = np.where(waves.wave_of == 0, len(bottlenecks) + 1, kind_of)
        return cls(bottlenecks, kinds, waves.wave_of)

    @property
    def kinds(self) -> int:
        """How many kinds there are: the bottlenecks, other accounts, none."""
        return len(self.bottlenecks) + 2

    def by_wave(self, chosen: NDArray[np.integer]) -> NDArray[np.int64]:
        """int64[waves, kinds]: how many of the chosen transactions (positions) are of each kind."""
        waves = int(self.wave_of.max()) + 1 if len(self.wave_of) else 0
        cells = self.wave_of[chosen].astype(np.int64) * self.kinds + self.kind_of[chosen]
        counts = np.bincount(cells, minlength=waves * self.kinds)
        return counts.reshape(waves, self.kinds)
