"""The ring of recent blocks: which blockhashes count, which messages were there, after a restart
as before it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import Account, Pubkey, UsageError
from sealane.node.chain.chain import CHAIN_KEY
from sealane.node.chain.limits import BLOCKHASH_AGE_MAX
from sealane.node.chain.recent_blocks import RESERVED, BlockEntry, RecentBlocks

from .test_chain import CHAIN


class State:
    """A chain of blocks with the messages that they are told, and the accounts kept of them."""

    def __init__(self) -> None:
        self.accounts: dict[Pubkey, Account] = {}
        self.height = 0
        self.root = bytes(32)
        self.hashes = [CHAIN.genesis_blockhash]
        self.recent = self.restarted()

    def load(self, keys: Sequence[Pubkey]) -> list[Account | None]:
        return [self.accounts.get(key) for key in keys]

    def restarted(self) -> RecentBlocks:
        return RecentBlocks(CHAIN, self.height, self.root, self.load)

    def block(self, *messages: bytes) -> None:
        entry = self.recent.next_entry(messages)
        self.accounts[entry.key] = entry.account()
        self.height += 1
        self.root = hashlib.sha256(self.root).digest()
        self.recent.advance(entry, self.root)
        self.hashes.append(CHAIN.blockhash(self.height, self.root))


def message(number: int) -> bytes:
    return number.to_bytes(32, "little")


def test_an_entry_is_what_its_account_holds() -> None:
    entry = BlockEntry(7, bytes(range(32)), (message(1), message(2)))
    assert BlockEntry.of(entry.account()) == entry
    empty = BlockEntry(7, bytes(range(32)), ())
    assert BlockEntry.of(empty.account()) == empty


def test_there_are_as_many_accounts_as_blockhashes_and_the_chain_s() -> None:
    assert len(RESERVED) == BLOCKHASH_AGE_MAX + 1
    keys = [BlockEntry(height, bytes(32), ()).key for height in range(BLOCKHASH_AGE_MAX + 1)]
    assert keys[0] == keys[-1]
    assert {*keys, CHAIN_KEY} == RESERVED


def test_the_first_block_names_the_genesis() -> None:
    state = State()
    assert state.recent.blockhashes == (CHAIN.genesis_blockhash,)


def test_the_oldest_blockhash_that_counts() -> None:
    state = State()
    for _ in range(BLOCKHASH_AGE_MAX - 1):
        state.block()
    assert state.recent.has(CHAIN.genesis_blockhash)
    assert state.recent.last_height(CHAIN.genesis_blockhash) == BLOCKHASH_AGE_MAX
    state.block()
    assert not state.recent.has(CHAIN.genesis_blockhash)
    assert state.recent.has(state.hashes[1])
    assert len(state.recent.blockhashes) == BLOCKHASH_AGE_MAX


def test_a_message_is_known_as_long_as_it_could_come_again() -> None:
    """It named the genesis at the earliest, and was in block 1: so until block 150."""
    state = State()
    state.block(message(1))
    while state.recent.has(CHAIN.genesis_blockhash):
        assert state.recent.has_seen(message(1))
        state.block()


@given(st.lists(st.lists(st.integers(0, 2**64), max_size=3), max_size=12), st.integers(0, 320))
def test_a_restart_forgets_nothing(blocks: list[list[int]], empty: int) -> None:
    state = State()
    for _ in range(empty):
        state.block()
    for place, numbers in enumerate(blocks):
        state.block(*[message(place << 128 | number) for number in {*numbers}])
    again = state.restarted()
    assert again.blockhashes == state.recent.blockhashes == tuple(reversed(state.hashes))[:150]
    for place, numbers in enumerate(blocks):
        for number in numbers:
            assert again.has_seen(message(place << 128 | number))
    assert not again.has_seen(message(2**128 - 1))


def test_an_entry_that_is_missing_or_of_another_block_is_noticed() -> None:
    state = State()
    state.block()
    state.block()
    del state.accounts[BlockEntry(1, b"", ()).key]
    with pytest.raises(UsageError, match="block 1 of the state was not made by a node"):
        state.restarted()
    state.accounts[BlockEntry(1, b"", ()).key] = BlockEntry(
        1 + BLOCKHASH_AGE_MAX, bytes(32), ()
    ).account()
    with pytest.raises(UsageError, match="block 1 of the state"):
        state.restarted()
