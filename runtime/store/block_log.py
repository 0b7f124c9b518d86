"""The records of a store's blocks, oldest first: those in the history, then those in the log."""

from __future__ import annotations

from ...primitives import StoreMismatch
from ..commitments.commitment import Commitment
from ..state.block_record import BlockRecord
from .expected_block import ExpectedBlock
from .history import History, HistoryEntry
from .known_blocks import KnownBlocks


class BlockLog:
    """All block records of a store. `recent`: those in the log."""

    def __init__(self, history: History, kind: type[Commitment]) -> None:
        self.history = history
        self._kind = kind
        self.recent: list[BlockRecord] = []
        self._recent_inputs: dict[bytes, BlockRecord] = {}
        self._known = KnownBlocks(history)

    def add(self, record: BlockRecord) -> None:
        """Add the record of the next block, which is in the log now."""
        self.recent.append(record)
        self._recent_inputs[record.input_hash] = record

    def follow(self, entry: HistoryEntry) -> None:
        """The records in the log were moved to the history, whose entry is now this."""
        self.history.entry = entry
        self._known.extend(self.recent)
        self.recent = []
        self._recent_inputs.clear()

    def find(self, input_hash: bytes) -> BlockRecord | None:
        """The last block with this input."""
        recent = self._recent_inputs.get(input_hash)
        return self._known.find(input_hash) if recent is None else recent

    def all(self) -> list[BlockRecord]:
        return [*self.history.read(), *self.recent]

    def require(self, expected: ExpectedBlock) -> None:
        """Raise StoreMismatch unless the store has this block, as its last or an earlier one."""
        height, root = expected
        last = self.history.entry.blocks + len(self.recent)
        told = f"block {height:,} was to have state root {root.hex()}, and the store"
        folder = str(self.history.path.parent)
        if height > last:
            what = f"{told} ends at block {last:,}: it is an older copy, or another one"
            raise StoreMismatch(folder, what)
        found = self._root_after(height)
        if found != root:
            what = f"{told} has {found.hex()}: it is another one, or went another way"
            raise StoreMismatch(folder, what)

    def _root_after(self, height: int) -> bytes:
        """The state root after an existing block; height 0: before any."""
        if height == 0:
            return self._kind.of_nothing().root
        older = self.history.entry.blocks
        if height > older:
            return self.recent[height - older - 1].root
        root = b""
        for record in self.history.records():  # to the end, where the checksum is compared
            if record.height == height:
                root = record.root
        return root
