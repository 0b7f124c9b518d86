"""The blockhashes that a message may name, and the messages of those blocks: none counts twice.

A block's entry is an account that the node owns, put in place with the block's changes, so that it
is atomic and durable with them. There are as many accounts as blockhashes, a ring: the entry of a
block is written over that of the block BLOCKHASH_AGE_MAX before it.

    entry of block h:  h as 8 bytes ‖ blockhash of h - 1 ‖ hash of each message executed, 32 bytes

Guarantees: a restarted node knows all that it knew. No transaction may name one of the accounts.
Does not: remember messages that were refused, which may come again.

Why not the hash of block h itself: its state root may cover this entry. It follows from the state.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from ...primitives import Account, Pubkey, UsageError
from .chain import CHAIN_KEY, NODE_ID, Chain
from .limits import BLOCKHASH_AGE_MAX

HASH_LEN: Final = 32
_HEIGHT_LEN: Final = 8
_RING: Final = tuple(
    Pubkey(hashlib.sha256(b"sealane node entry\n" + bytes([slot])).digest())
    for slot in range(BLOCKHASH_AGE_MAX)
)
# Accounts that the node alone may change, and nobody may lock.
RESERVED: Final = frozenset((CHAIN_KEY, *_RING))


class BlockEntry(NamedTuple):
    """What is kept of one block: its parent's hash and its messages' hashes."""

    height: int
    parent: bytes
    messages: tuple[bytes, ...]

    @property
    def key(self) -> Pubkey:
        return _RING[self.height % BLOCKHASH_AGE_MAX]

    def account(self) -> Account:
        head = self.height.to_bytes(_HEIGHT_LEN, "little") + self.parent
        return Account(1, NODE_ID, head + b"".join(self.messages))

    @classmethod
    def of(cls, account: Account) -> BlockEntry:
        data = account.data
        start = _HEIGHT_LEN + HASH_LEN
        hashes = [data[at : at + HASH_LEN] for at in range(start, len(data), HASH_LEN)]
        height = int.from_bytes(data[:_HEIGHT_LEN], "little")
        return cls(height, data[_HEIGHT_LEN:start], tuple(hashes))


class RecentBlocks:
    """The recent blocks of a chain, as of its last committed one. `height`, `root`: of that one.

    `load`: the accounts of the state. Raises UsageError for a state whose last blocks were not made
    by a node.
    """

    def __init__(
        self,
        chain: Chain,
        height: int,
        root: bytes,
        load: Callable[[Sequence[Pubkey]], Sequence[Account | None]],
    ) -> None:
        self._chain = chain
        self._entries: deque[BlockEntry] = deque()
        self._seen: set[bytes] = set()
        self._height = chain.initial_height - 1
        first = max(chain.initial_height, height - BLOCKHASH_AGE_MAX + 1)
        heights = range(first, height + 1)
        held = load([_RING[each % BLOCKHASH_AGE_MAX] for each in heights])
        for expected, account in zip(heights, held, strict=True):
            entry = None if account is None else BlockEntry.of(account)
            if entry is None or entry.height != expected:
                raise UsageError(
                    f"block {expected} of the state was not made by a node; use a store that only "
                    "a node has run blocks on"
                )
            self._take(entry)
        self._follow(height, root)

    @property
    def blockhash(self) -> bytes:
        """The newest blockhash, which new messages should name."""
        return self.blockhashes[0]

    def has(self, blockhash: bytes) -> bool:
        """Whether a message of the next block may name this blockhash."""
        return blockhash in self._valid

    def last_height(self, blockhash: bytes) -> int:
        """The height of the last block that may have a message with this recent blockhash."""
        return self._height - self.blockhashes.index(blockhash) + BLOCKHASH_AGE_MAX

    def has_seen(self, message_hash: bytes) -> bool:
        """Whether a message was executed in one of the recent blocks."""
        return message_hash in self._seen

    def next_entry(self, messages: Iterable[bytes]) -> BlockEntry:
        """The entry of the next block, if it executes these messages, by their hashes."""
        return BlockEntry(self._height + 1, self.blockhash, tuple(messages))

    def advance(self, entry: BlockEntry, root: bytes) -> None:
        """The block of this entry was committed."""
        self._take(entry)
        self._follow(entry.height, root)

    def _take(self, entry: BlockEntry) -> None:
        self._entries.append(entry)
        self._seen.update(entry.messages)
        if len(self._entries) > BLOCKHASH_AGE_MAX:
            self._seen.difference_update(self._entries.popleft().messages)

    def _follow(self, height: int, root: bytes) -> None:
        self._height = height
        begun = height >= self._chain.initial_height
        newest = self._chain.blockhash(height, root) if begun else self._chain.genesis_blockhash
        parents = [entry.parent for entry in reversed(self._entries)]
        #: Newest first.
        self.blockhashes = (newest, *parents)[:BLOCKHASH_AGE_MAX]
        self._valid = frozenset(self.blockhashes)
