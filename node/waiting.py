"""The transactions that wait, as the application lets them: its mempool beside the engine's.

Guarantees: bounded as MempoolLimits say; empty after a restart, when the engine checks again what
it has. Does not: choose what is proposed; an engine offers what it holds itself.
"""

from __future__ import annotations

from .chain.recent_blocks import BlockEntry
from .mempool import Admitted, Entry, Mempool, MempoolLimits
from .mempool import Refusal as MempoolRefusal
from .parsed import Parsed
from .running_chain import RunningChain


class Waiting:
    """Those that wait for the next block of a chain."""

    def __init__(self, chain: RunningChain, limits: MempoolLimits | None) -> None:
        self._chain = chain
        self._mempool = Mempool(limits, height=chain.next_height - 1)

    def __len__(self) -> int:
        return len(self._mempool)

    @property
    def size(self) -> int:
        """Bytes of all that wait."""
        return self._mempool.size

    def admit(self, parsed: Parsed, *, again: bool) -> MempoolRefusal | None:
        """Let a transaction wait that may be in the next block; the refusal if it may not wait.

        `again`: one that waits already may go on waiting. So may one that comes with the very
        bytes that wait: an engine asks about those only if it has lost its own mempool, as it does
        when it starts again.
        """
        waits = self._mempool.get(parsed.message_hash)
        if waits is not None and (again or waits.raw == parsed.raw):
            return None
        entry = Entry(
            message_hash=parsed.message_hash,
            payer=parsed.payer,
            calls=parsed.calls,
            priority=parsed.priority,
            fee=parsed.fee,
            last_height=self._chain.recent.last_height(parsed.recent_blockhash),
            raw=parsed.raw,
        )
        answer = self._mempool.admit(entry, balance=self._chain.lamports(parsed.payer))
        return None if isinstance(answer, Admitted) else answer

    def committed(self, block: BlockEntry) -> None:
        """After a block: drop what it had, and what no later block may have."""
        self._mempool.committed(block.height, block.messages, self._chain.lamports)
