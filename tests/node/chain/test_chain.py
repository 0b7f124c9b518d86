"""A chain's rules: what its account holds, its clock and its blockhashes."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from sealane import Account, UsageError
from sealane.node.chain.chain import NODE_ID, Chain, chain_of, require_same
from sealane.node.chain.limits import (
    BLOCK_TIME_MS_MAX,
    CHAIN_ID_LEN_MAX,
    GENESIS_TIME_MS_MAX,
    HEIGHT_MAX,
)
from sealane.node.chain.starting import Given
from sealane.programs.kit.accounts.sysvars import SLOTS_PER_EPOCH

CHAIN = Chain(
    chain_id="test",
    initial_height=1,
    genesis_time_ms=1_700_000_000_500,
    block_time_ms=400,
    lamports_per_signature=5_000,
    rent=True,
    signatures=True,
    root="history",
    block_limits="0306",
    programs=("system", "token"),
    accounts="00",
)


def test_an_account_holds_all_of_it() -> None:
    account = CHAIN.account()
    assert account.owner == NODE_ID
    assert chain_of(account) == CHAIN
    assert chain_of(None) is None
    assert chain_of(Account()) is None


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", CHAIN.encode()[:-1]])
def test_an_account_that_holds_none_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match="this sealane cannot read"):
        chain_of(Account(1, NODE_ID, data))


def test_another_protocol_is_refused() -> None:
    with pytest.raises(UsageError, match="has protocol 2, this sealane has 1"):
        chain_of(replace(CHAIN, protocol=2).account())


def test_the_first_difference_is_named() -> None:
    require_same(CHAIN, replace(CHAIN))
    with pytest.raises(UsageError, match="rent True, and this node has False"):
        require_same(CHAIN, replace(CHAIN, rent=False))


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        (("system",), "this node lacks token; give it"),
        (("system", "token", "vault"), "this node has besides vault; give it"),
        (("system", "vault"), "this node lacks token and has besides vault; give it"),
    ],
)
def test_programs_that_differ_are_named(programs: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        require_same(CHAIN, replace(CHAIN, programs=programs))


def test_a_blockhash_is_as_documented() -> None:
    root = bytes(range(32))
    preimage = b"sealane blockhash 1\n" + b"test\0" + (7).to_bytes(8, "little") + root
    assert CHAIN.blockhash(7, root) == hashlib.sha256(preimage).digest()
    assert CHAIN.genesis_blockhash == CHAIN.blockhash(0, CHAIN.genesis_hash)


def test_every_rule_is_in_the_hash_of_the_genesis() -> None:
    others = [
        replace(CHAIN, chain_id="other"),
        replace(CHAIN, accounts="01"),
        replace(CHAIN, programs=("system",)),
    ]
    assert len({each.genesis_hash for each in (CHAIN, *others)}) == 4


def test_the_clock_follows_from_the_height() -> None:
    clock = CHAIN.clock(10)
    assert (clock.slot, clock.epoch, clock.unix_timestamp) == (10, 0, 1_700_000_004)
    later = CHAIN.clock(SLOTS_PER_EPOCH + 1)
    assert (later.epoch, later.epoch_start_timestamp) == (1, 1_700_000_000 + 172_800)


def test_the_latest_clock_fits_its_sysvar() -> None:
    latest = replace(CHAIN, genesis_time_ms=GENESIS_TIME_MS_MAX, block_time_ms=BLOCK_TIME_MS_MAX)
    assert len(latest.clock(2 * HEIGHT_MAX).encode()) == 40


@pytest.mark.parametrize(
    "given",
    [
        Given("t", HEIGHT_MAX, GENESIS_TIME_MS_MAX, BLOCK_TIME_MS_MAX),
        Given("t" * CHAIN_ID_LEN_MAX, 1, 0, 0),
    ],
)
def test_what_is_at_a_limit_is_fine(given: Given) -> None:
    given.require_sound()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (Given("t", HEIGHT_MAX + 1), "initial_height"),
        (Given("t", 0), "initial_height"),
        (Given("t", genesis_time_ms=GENESIS_TIME_MS_MAX + 1), "genesis_time_ms"),
        (Given("t", genesis_time_ms=-1), "genesis_time_ms"),
        (Given("t", block_time_ms=BLOCK_TIME_MS_MAX + 1), "block_time_ms"),
        (Given("t" * (CHAIN_ID_LEN_MAX + 1)), "chain_id"),
        (Given(""), "chain_id"),
        (Given("a\nb"), "chain_id"),
        (Given("t\u00e4st"), "chain_id"),
    ],
)
def test_what_is_past_it_is_refused(given: Given, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        given.require_sound()
