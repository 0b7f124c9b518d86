"""What came of a load: how much got through, how long it took, what was refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from .latencies import Latencies

KINDS_MAX: Final = 32
DISAGREEMENTS_MAX: Final = 10
OTHER: Final = "other"
#: What is measured, in the order of a transaction's life; the last is a transaction's whole wait.
STAGES: Final = ("check", "prepare", "process", "finalize", "commit", "block", "check-to-commit")


class Disagreement(NamedTuple):
    """A height at which nodes differ. `answers`: by address, the hash in hex or what differs."""

    height: int
    answers: dict[str, str]


@dataclass
class StressReport:
    """`checked`: transactions that were sent; `committed`: those in blocks, of which `failed`
    failed; `waiting`: those that were left over; `held_back`: those that a mempool had no room for,
    as it should under more load than it is made for. `errors`: how often, by kind."""

    addresses: tuple[str, ...]
    height: int = 0
    root: str = ""
    seconds: float = 0.0
    blocks: int = 0
    checked: int = 0
    committed: int = 0
    failed: int = 0
    waiting: int = 0
    held_back: int = 0
    errors: Counter[str] = field(default_factory=Counter[str])
    disagreements: list[Disagreement] = field(default_factory=list[Disagreement])
    latencies: dict[str, Latencies] = field(
        default_factory=lambda: {stage: Latencies() for stage in STAGES}
    )

    @property
    def ok(self) -> bool:
        """Whether nothing was refused or failed, and all nodes agreed."""
        return not self.errors and not self.disagreements

    @property
    def per_second(self) -> float:
        """Committed transactions a second."""
        return self.committed / self.seconds if self.seconds else 0.0

    def note_error(self, kind: str) -> None:
        """Count an error; beyond KINDS_MAX kinds, as `other`."""
        known = kind in self.errors or len(self.errors) < KINDS_MAX
        self.errors[kind if known else OTHER] += 1

    def note_disagreement(self, height: int, answers: dict[str, str]) -> None:
        if len(self.disagreements) < DISAGREEMENTS_MAX:
            self.disagreements.append(Disagreement(height, answers))

    def document(self) -> dict[str, object]:
        """For `--json`; times in seconds."""
        return {
            "addresses": list(self.addresses),
            "height": self.height,
            "root": self.root,
            "seconds": self.seconds,
            "blocks": self.blocks,
            "checked": self.checked,
            "committed": self.committed,
            "failed": self.failed,
            "waiting": self.waiting,
            "held_back": self.held_back,
            "transactions_per_second": self.per_second,
            "latency_s": {
                stage: latencies.summary()._asdict() for stage, latencies in self.latencies.items()
            },
            "errors": dict(self.errors),
            "disagreements": [each._asdict() for each in self.disagreements],
            "ok": self.ok,
        }
