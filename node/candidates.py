"""Candidates for the next height: lists of transactions that were executed and may be committed.

Guarantees: executing changes nothing; at most CANDIDATES_MAX are kept, the newest; each is found by
its list of transactions, and forgotten as soon as the state changes. Does not: commit.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from ..primitives import Failure
from ..runtime import Block, Receipt, Runtime
from ..runtime.candidate import Candidate
from .admission import Judged, Refused, admitted_of
from .answers import Finalized, Outcome
from .chain.recent_blocks import BlockEntry, RecentBlocks
from .codes import CODESPACE, OK, code_of, codespace_of, log_of
from .limits import CANDIDATES_MAX
from .parsed import Parsed


@dataclass(frozen=True, slots=True)
class Executed:
    """A candidate and its outcomes. `entry`: its entry among the recent blocks. `refused`: how many
    of its transactions were not executed. `unpaid`: the positions of those with a fee that their
    payers could not pay at their turn; they changed nothing. `judged_s`: seconds that it took to
    judge them, which is mostly to verify signatures."""

    candidate: Candidate
    entry: BlockEntry
    finalized: Finalized
    refused: int
    unpaid: tuple[int, ...]
    judged_s: float


def identity_of(raws: Sequence[bytes]) -> bytes:
    """A hash of a list of transactions."""
    digest = sha256()
    for raw in raws:
        digest.update(len(raw).to_bytes(8, "little"))
        digest.update(raw)
    return digest.digest()


class Candidates:
    """The candidates for the next height, by the hash of their transactions."""

    def __init__(self) -> None:
        self._executed: OrderedDict[bytes, Executed] = OrderedDict()

    def find(self, identity: bytes) -> Executed | None:
        return self._executed.get(identity)

    def keep(self, identity: bytes, executed: Executed) -> None:
        self._executed[identity] = executed
        while len(self._executed) > CANDIDATES_MAX:
            self._executed.popitem(last=False)

    def clear(self) -> None:
        """The state has changed: none of them can be committed any more."""
        self._executed.clear()

    def __len__(self) -> int:
        return len(self._executed)


def execute(
    runtime: Runtime, recent: RecentBlocks, judged: Judged, block: Block, judged_s: float
) -> Executed:
    """Execute `block`: those of a list that were not refused. Raises MachineError; nothing
    changes."""
    admitted = admitted_of(judged)
    entry = recent.next_entry([each.message_hash for each in admitted])
    candidate = runtime.execute_candidate(block, placing={entry.key: entry.account()})
    receipts = iter(candidate.executed.receipts)
    outcomes = tuple(
        [
            _refused(each) if isinstance(each, Refused) else _executed(each, next(receipts))
            for each in judged
        ]
    )
    finalized = Finalized(entry.height, candidate.root, outcomes)
    refused = len(judged) - len(admitted)
    return Executed(candidate, entry, finalized, refused, _unpaid(judged, outcomes), judged_s)


def _unpaid(judged: Judged, outcomes: Sequence[Outcome]) -> tuple[int, ...]:
    """A payer that had the fee before the block may have spent it on what came earlier in it. A
    transaction that fails for any other reason has paid."""
    return tuple(
        [
            position
            for position, (each, outcome) in enumerate(zip(judged, outcomes, strict=True))
            if isinstance(each, Parsed) and each.fee and not outcome.fee
        ]
    )


def _executed(parsed: Parsed, receipt: Receipt) -> Outcome:
    failure: Failure | None = receipt.error
    return Outcome(
        id=parsed.id,
        code=OK if failure is None else code_of(failure),
        codespace="" if failure is None else codespace_of(failure),
        log="" if failure is None else log_of(failure),
        data=receipt.return_data or b"",
        compute_units_max=parsed.compute_units,
        compute_units=receipt.compute_units,
        fee=receipt.fee,
    )


def _refused(refused: Refused) -> Outcome:
    """The outcome of what was not executed; its id is the SHA-256 of its bytes, in hex."""
    name, (code, log) = sha256(refused.raw).hexdigest(), refused.why
    return Outcome(name, code, CODESPACE, log, b"", 0, 0, 0)
