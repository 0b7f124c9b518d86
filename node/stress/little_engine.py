"""A little ordering engine: makes one block after another, and gives each to all nodes.

A block is as an engine would make it: transactions are checked by the nodes, the first node
prepares a proposal of those that wait, all nodes process, finalize and commit it, and their hashes
are compared before the commit. What was not chosen is offered again.

Guarantees: ends at the time that it was given, after the block that it is at; sends no faster than
its rate; at most WAITING_BLOCKS_MAX blocks of transactions wait, then nothing new is sent. Stops
where nodes disagree, with no commit of what they disagree on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

from ...primitives import Pubkey, UsageError
from ..abci.client import Client
from ..abci.endpoint import Endpoint, parse_endpoint
from ..abci.messages import FinalizeBlockResponse
from ..mempool.refusal import CODESPACE as MEMPOOL
from .report import StressReport

BLOCK_TRANSACTIONS_MAX: Final = 10_000
WAITING_BLOCKS_MAX: Final = 10
SECONDS_MAX: Final = 24 * 3600.0
RATE_MAX: Final = 1_000_000.0
# A genesis of all wallets is some megabytes, which is read before the node answers.
CLIENT_TIMEOUT_S: Final = 60.0
_T = TypeVar("_T")


class Load(NamedTuple):
    """`rate`: transactions a second, None for as many as get through. `checked_by_all`: otherwise
    only the first node checks them, and the others meet them in proposals."""

    seconds: float
    rate: float | None
    block_transactions: int
    checked_by_all: bool = True


class Workload(Protocol):
    """Transactions without end. `first`: an account that the genesis funds."""

    @property
    def first(self) -> Pubkey: ...
    def make(self, count: int, blockhash: bytes) -> list[bytes]: ...


class Clock:
    """Time, in seconds; replaced in tests."""

    def now_s(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class _Waiting(NamedTuple):
    """A transaction that was checked, and when that began."""

    raw: bytes
    since_s: float


class LittleEngine:
    """Drives `nodes` with a `workload`. `told`: called after each block with the report so far.

    Raises what a client raises. `load`: within its bounds, see `require_bounded`.
    """

    def __init__(
        self,
        nodes: Sequence[Client],
        workload: Workload,
        load: Load,
        *,
        clock: Clock | None = None,
        told: Callable[[StressReport], None] | None = None,
    ) -> None:
        self._nodes = nodes
        self._workload = workload
        self._load = load
        self._clock = Clock() if clock is None else clock
        self._told = told
        self._waiting: list[_Waiting] = []
        self.report = StressReport(tuple(node.address for node in nodes))

    def start(self, genesis: bytes, chain_id: str) -> None:
        """Begin the chain, unless it has blocks already. Raises UsageError if nodes differ."""
        infos = [node.info() for node in self._nodes]
        if not any(info.last_block_height for info in infos):
            roots = [node.init_chain(chain_id, genesis) for node in self._nodes]
        else:
            roots = [info.last_block_app_hash for info in infos]
        if len({(info.last_block_height) for info in infos}) > 1 or len(set(roots)) > 1:
            raise UsageError(
                "these nodes are not at the same block of the same chain; give each an empty store"
            )
        for node in self._nodes:
            self._require_funds(node)
        self.report.height = infos[0].last_block_height
        self.report.root = roots[0].hex()

    def _require_funds(self, node: Client) -> None:
        account = json.loads(node.query("/account", bytes(self._workload.first)).value)
        # Before the first block, the genesis' accounts are there already.
        if not int(account["lamports"]):
            raise UsageError(
                f"{node.address}: its chain has begun, and {self._workload.first} has no funds "
                "there; give it an empty store, or the same --seed and --wallets as before"
            )

    def run(self) -> StressReport:
        """Drive the nodes until the time is over, or they disagree."""
        began_s = self._clock.now_s()
        end_s = began_s + self._load.seconds
        while self._clock.now_s() < end_s and not self.report.disagreements:
            self._send(began_s, end_s)
            if self._waiting:
                self._make_block()
            self.report.seconds = self._clock.now_s() - began_s
            self.report.waiting = len(self._waiting)
            if self._told is not None:
                self._told(self.report)
        return self.report

    def _send(self, began_s: float, end_s: float) -> None:
        """Have a block's worth of new transactions checked, no faster than the rate."""
        count = self._load.block_transactions
        if len(self._waiting) + count > count * WAITING_BLOCKS_MAX:
            return
        blockhash = self._nodes[0].query("/blockhash").value
        for raw in self._workload.make(count, blockhash):
            if self._load.rate is not None:
                due_s = began_s + self.report.checked / self._load.rate
                early_s = min(due_s, end_s) - self._clock.now_s()
                if early_s > 0:
                    self._clock.sleep(early_s)
            if self._clock.now_s() >= end_s:
                return
            self._check(raw)

    def _check(self, raw: bytes) -> None:
        since_s = self._clock.now_s()
        nodes = self._nodes if self._load.checked_by_all else self._nodes[:1]
        answers = [self._timed("check", lambda node=node: node.check(raw)) for node in nodes]
        self.report.checked += 1
        refused = next((answer for answer in answers if answer.code), None)
        if refused is None:
            self._waiting.append(_Waiting(raw, since_s))
        elif refused.codespace == MEMPOOL:
            self.report.held_back += 1
        else:
            self.report.note_error(f"check: {_name_in(refused.log)}")

    def _make_block(self) -> None:
        began_s = self._clock.now_s()
        height = self.report.height + 1
        offered = [each.raw for each in self._waiting]
        chosen = self._timed("prepare", lambda: self._nodes[0].prepare(height, offered))
        for node in self._nodes:
            if not self._timed("process", lambda node=node: node.process(height, chosen)):
                self.report.note_error("process: proposal rejected")
        done = [
            self._timed("finalize", lambda node=node: node.finalize(height, chosen))
            for node in self._nodes
        ]
        if self._differ(height, done):
            return
        for node in self._nodes:
            self._timed("commit", node.commit)
        self._committed(height, chosen, done[0])
        self.report.latencies["block"].add(self._clock.now_s() - began_s)

    def _differ(self, height: int, done: Sequence[FinalizeBlockResponse]) -> bool:
        """Whether nodes disagree on a block: on its hash, or on what is hashed of its outcomes."""
        seen = [
            (each.app_hash, [(r.code, r.data, r.gas_wanted, r.gas_used) for r in each.tx_results])
            for each in done
        ]
        if all(each == seen[0] for each in seen):
            return False
        hashes = [app_hash.hex() for app_hash, _ in seen]
        words = hashes if len(set(hashes)) > 1 else ["same hash, other outcomes"] * len(hashes)
        answers = dict(zip(self.report.addresses, words, strict=True))
        self.report.note_disagreement(height, answers)
        return True

    def _committed(
        self, height: int, chosen: Sequence[bytes], finalized: FinalizeBlockResponse
    ) -> None:
        report, now_s = self.report, self._clock.now_s()
        report.height, report.root = height, finalized.app_hash.hex()
        report.blocks += 1
        report.committed += len(chosen)
        for result in finalized.tx_results:
            if result.code:
                report.failed += 1
                report.note_error(f"block: {_name_in(result.log)}")
        done = set(chosen)
        for each in self._waiting:
            if each.raw in done:
                report.latencies["check-to-commit"].add(now_s - each.since_s)
        self._waiting = [each for each in self._waiting if each.raw not in done]

    def _timed(self, stage: str, call: Callable[[], _T]) -> _T:
        began_s = self._clock.now_s()
        try:
            return call()
        finally:
            self.report.latencies[stage].add(self._clock.now_s() - began_s)


def require_bounded(load: Load) -> None:
    """Raise UsageError for a load beyond its bounds."""
    if not 0 < load.seconds <= SECONDS_MAX:
        raise UsageError(
            f"{load.seconds:g} seconds: choose more than 0, {SECONDS_MAX:,.0f} at most"
        )
    if load.rate is not None and not 0 < load.rate <= RATE_MAX:
        raise UsageError(
            f"{load.rate:g} transactions a second: choose more than 0, {RATE_MAX:,.0f} at most"
        )
    if not 1 <= load.block_transactions <= BLOCK_TRANSACTIONS_MAX:
        raise UsageError(
            f"{load.block_transactions:,} transactions a block: choose 1 to "
            f"{BLOCK_TRANSACTIONS_MAX:,}"
        )


def require_different(addresses: Sequence[str]) -> None:
    """Raise UsageError for an address that is named twice: that node would get each block twice."""
    named: dict[Endpoint, str] = {}
    for address in addresses:
        endpoint = parse_endpoint(address)
        if endpoint in named:
            raise UsageError(
                f"{address} is the same node as {named[endpoint]}; name each node once"
            )
        named[endpoint] = address


def _name_in(log: str) -> str:
    """What a log begins with: the name of an error."""
    return log.partition(":")[0].strip() or "without a name"
