"""What a node tells those who watch it. metrics/ turns it into figures; nobody has to listen.

Guarantees: an observer sees figures only, no accounts and no transactions. Does not: change
what the node answers; an observer that raises is a bug.
"""

from __future__ import annotations

from typing import Final, NamedTuple

#: What a block goes through from `finalize` to `commit`, in order.
STAGES: Final = ("signatures", "schedule", "execute", "commit")


class CommittedBlock(NamedTuple):
    """A block that was just committed. Costs are in compute units, times in seconds.

    `failed`: its transactions that failed by a program or a rule; `refused`: those that were not
    executed at all. `stages`: seconds by name, of STAGES. `busy_s`:
    processor time of all lanes; None where none ran. `retries`: the cause of every try after the
    first. `root`: the state root, 32 bytes.
    """

    height: int
    transactions: int
    failed: int
    refused: int
    stages: dict[str, float]
    waves: int
    total_cost: int
    critical_path_cost: int
    workers: int
    busy_s: float | None
    retries: tuple[str, ...]
    root: bytes = bytes(32)


class Observer:
    """Does nothing. Override what you want to know."""

    def serving(self, height: int, root: bytes) -> None:
        """The node is ready to answer, from the last committed height and state root on."""

    def failed(self, why: str) -> None:
        """The node can no longer answer, as after a store failure. `why`: in words, one line."""

    def checked(self, code: int, seconds: float) -> None:
        """A transaction was checked, and refused unless `code` is 0."""

    def prepared(self, offered: int, chosen: int, seconds: float) -> None:
        """A proposal was made of the transactions offered."""

    def processed(self, *, accepted: bool, seconds: float) -> None:
        """A proposal was judged."""

    def committed(self, block: CommittedBlock) -> None:
        """A block was committed."""

    def queue(self, transactions: int, size: int) -> None:
        """How many transactions wait, and how many bytes they have."""

    def connections(self, count: int) -> None:
        """How many clients are connected."""

    def refused_message(self, reason: str) -> None:
        """A client sent something that is no request. `reason`: one of few words, as a label."""
