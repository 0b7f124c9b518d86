"""Generated workloads: who pays whom, as columns, from a few numbers and a seed.

Guarantees: the same spec gives the same columns on every machine and with every version of numpy,
because the draws are our own (splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014), counted by row, not taken from a library's stream. No transfer is to its
own source, and no account runs dry.
Does not: build transactions; ingest/fixture/build.py makes them from the columns.

Shapes, with `a0`, `a1`, … as accounts:
    uniform      source and destination drawn evenly
    zipf         both drawn with weight 1/rank^s, `a0` the most frequent
    hot          the destinations are the first `hot` accounts, the sources are all others
    chain        each pays on what it was paid: a0 → a1, a1 → a2, …
    independent  a0 → a1, a2 → a3, …: no two conflict
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..files.document import Misfit
from ..files.values import U64_MAX, suggestion

PROGRAMS: Final = ("system.transfer",)
SHAPES: Final = ("uniform", "zipf", "hot", "chain", "independent")
TRANSACTIONS_MAX: Final = 10_000_000
ACCOUNTS_MAX: Final = 10_000_000
ZIPF_DEFAULT: Final = 1.1
ZIPF_MAX: Final = 10.0
# Enough to send AMOUNT_MAX ten million times, and ten million accounts with it stay below 2^64.
STARTING_LAMPORTS: Final = 1_000_000_000_000
AMOUNT_MAX: Final = 1_000

Lamports = NDArray[np.uint64]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WorkloadSpec:
    """What to generate. Raises Misfit, naming the field, for numbers that cannot work.

    `accounts` may be left out for `independent` only, where it is 2·n. `zipf` is the exponent s;
    giving it makes `zipf` the default shape.
    """

    n: int
    accounts: int | None = None
    program: str = "system.transfer"
    shape: str | None = None
    zipf: float | None = None
    hot: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.program not in PROGRAMS:
            raise Misfit(
                f"'{self.program}' cannot be generated{suggestion(self.program, PROGRAMS)}",
                "program",
            )
        if self.shape is not None and self.shape not in SHAPES:
            raise Misfit(f"unknown shape '{self.shape}'{suggestion(self.shape, SHAPES)}", "shape")
        _within("n", self.n, 0, TRANSACTIONS_MAX)
        _within("seed", self.seed, 0, U64_MAX)
        self._check_shape_keys()
        self._check_accounts()

    def _check_shape_keys(self) -> None:
        for key in ("zipf", "hot"):
            if getattr(self, key) is not None and self.named_shape != key:
                raise Misfit(
                    f"`{key}` has no meaning for shape '{self.named_shape}'; remove it", key
                )
        if self.zipf is not None and not 0 <= self.zipf <= ZIPF_MAX:
            raise Misfit(f"{self.zipf} is out of range; use 0 to {ZIPF_MAX:g}", "zipf")

    def _check_accounts(self) -> None:
        if self.accounts is None and self.named_shape != "independent":
            raise Misfit("the key 'accounts' is missing; say how many accounts take part")
        needed = {"independent": 2 * self.n, "hot": self.hot_count + 1}.get(self.named_shape, 2)
        _within("accounts", self.account_count, max(needed, 2 if self.n else 0), ACCOUNTS_MAX)
        if self.hot is not None:
            _within("hot", self.hot, 1, ACCOUNTS_MAX)

    @property
    def named_shape(self) -> str:
        return self.shape or ("uniform" if self.zipf is None else "zipf")

    @property
    def account_count(self) -> int:
        return 2 * self.n if self.accounts is None else self.accounts

    @property
    def hot_count(self) -> int:
        return 1 if self.hot is None else self.hot


@dataclass(frozen=True, slots=True)
class Workload:
    """Transfers by column: row i moves `amount[i]` lamports from one account to another.

    `source`, `destination`: int64[n], positions of accounts in [0, account_count);
    `amount`: uint64[n], 1 to AMOUNT_MAX.
    """

    source: Positions
    destination: Positions
    amount: Lamports
    account_count: int

    def names(self) -> list[str]:
        """The accounts' names by position."""
        return [account_name(position) for position in range(self.account_count)]


def account_name(position: int) -> str:
    return f"a{position}"


def generate(spec: WorkloadSpec) -> Workload:
    """The columns of a spec: O(n + accounts), no Python loop over rows."""
    rows = np.arange(spec.n, dtype=np.int64)
    count = spec.account_count
    shape = spec.named_shape
    if shape == "chain":
        source, destination = rows % count, (rows + 1) % count
    elif shape == "independent":
        source, destination = rows * 2, rows * 2 + 1
    elif shape == "hot":
        source = spec.hot_count + _below(count - spec.hot_count, spec, stream=0)
        destination = _below(spec.hot_count, spec, stream=1)
    elif shape == "zipf":
        source, destination = _zipf_pair(spec)
    else:
        source = _below(count, spec, stream=0)
        # One of the others, each as likely: a step of 1 to count - 1 from the source.
        destination = (source + 1 + _below(count - 1, spec, stream=1)) % count
    amount = (_below(AMOUNT_MAX, spec, stream=2) + 1).astype(np.uint64)
    return Workload(source, destination, amount, count)


def _zipf_pair(spec: WorkloadSpec) -> tuple[Positions, Positions]:
    exponent = ZIPF_DEFAULT if spec.zipf is None else spec.zipf
    ranks = np.arange(1, spec.account_count + 1, dtype=np.float64)
    weights = np.cumsum(ranks**-exponent)
    # Thresholds of 32 bits: far coarser than what two machines' `pow` may differ by.
    thresholds = np.floor(weights / weights[-1] * 2.0**32).astype(np.uint64)
    thresholds[-1] = 1 << 32
    source = np.searchsorted(thresholds, _draws(spec, stream=0) >> np.uint64(32), side="right")
    other = np.searchsorted(thresholds, _draws(spec, stream=1) >> np.uint64(32), side="right")
    # A draw of the source itself goes to the next rank: redrawing would need a loop.
    destination = np.where(other == source, (other + 1) % spec.account_count, other)
    return source.astype(np.int64), destination.astype(np.int64)


def _below(bound: int, spec: WorkloadSpec, *, stream: int) -> Positions:
    """n even draws from [0, bound), bound < 2^32: the high half of a 64-bit product (Lemire)."""
    high = _draws(spec, stream=stream) >> np.uint64(32)
    return ((high * np.uint64(bound)) >> np.uint64(32)).astype(np.int64)


def _draws(spec: WorkloadSpec, *, stream: int) -> NDArray[np.uint64]:
    """n draws of 64 bits: splitmix64 started at a mix of seed and stream, one step a row."""
    start = _mixed(np.array([(spec.seed + stream * 0x632BE59BD9B4E019) & U64_MAX], dtype=np.uint64))
    steps = np.arange(1, spec.n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return _mixed(start + steps)


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """splitmix64's finalizer; unsigned arrays wrap around, as it wants."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def _within(key: str, value: int, minimum: int, maximum: int) -> None:
    if not minimum <= value <= maximum:
        raise Misfit(f"{value:,} is out of range; use {minimum:,} to {maximum:,} here", key)
