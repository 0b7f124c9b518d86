"""Airdrops: rewards by share and by time locked, and what is refused."""

from __future__ import annotations

import pytest

from sealane.programs.library.token import TokenError
from sealane.programs.library.vault import LockedSums, VaultError, vault

from .desk import STARTING, Desk
from .reward_desk import TIME_MAX_S, TIME_MIN_S, RewardDesk


@pytest.fixture
def rewards(desk: Desk) -> RewardDesk:
    return RewardDesk(desk)


def test_rewards_go_by_share_and_time(rewards: RewardDesk) -> None:
    send, tokens = rewards.vm.send, rewards.desk.tokens
    send(rewards.lock("ann", 1_000, TIME_MAX_S), rewards.lock("ben", 2_000, 500, "locked1"))
    # Three times more for the longest time: 4,000 and 5,000.
    assert rewards.weight() == 9_000
    send(rewards.airdrop(9_000))
    send(rewards.lock("cat", 9_000, TIME_MIN_S))
    send(rewards.claim("ann"), rewards.claim("ben"))
    assert (tokens("ann_gems"), tokens("ben_gems")) == (4_000, 5_000)
    with rewards.vm.fails(VaultError.NothingOwed):
        send(rewards.claim("cat"))


def test_shares_come_back_when_their_time_is_over(rewards: RewardDesk) -> None:
    send, tokens = rewards.vm.send, rewards.desk.tokens
    send(rewards.lock("ann", 1_000, 200), rewards.airdrop(77))
    rewards.vm.advance(seconds=199)
    with rewards.vm.fails(VaultError.StillLocked):
        send(rewards.unlock("ann"))
    rewards.vm.advance(seconds=1)
    with rewards.vm.fails(VaultError.NotOwner):
        send(rewards.unlock("ann", to="ben_shares"))
    send(rewards.unlock("ann"))
    assert (tokens("ann_shares"), tokens("locked0"), rewards.weight()) == (10_000, 0, 0)
    with rewards.vm.fails(VaultError.NothingOwed):
        send(rewards.unlock("ann"))
    with rewards.vm.fails(VaultError.NobodyLocked):
        send(rewards.airdrop(1))
    send(rewards.claim("ann"))
    assert tokens("ann_gems") == 77


def test_what_a_division_leaves_is_given_later(rewards: RewardDesk) -> None:
    rewards.vm.send(rewards.lock("ann", 7, TIME_MIN_S))  # weighs 9
    for _ in range(9):
        rewards.vm.send(rewards.airdrop(1))
    rewards.vm.send(rewards.claim("ann"))
    assert rewards.desk.tokens("ann_gems") == 9


def test_more_is_locked_and_for_longer(rewards: RewardDesk) -> None:
    send = rewards.vm.send
    send(rewards.lock("ann", 1_000, 500), rewards.airdrop(100))
    for shares, time_s in ((5, 499), (5, TIME_MIN_S - 1), (5, TIME_MAX_S + 1)):
        with rewards.vm.fails(VaultError.InvalidLock):
            send(rewards.lock("ann", shares, time_s))
    with rewards.vm.fails(VaultError.InvalidLock):
        send(rewards.lock("ben", 0, 500))
    send(rewards.lock("ann", 500, 500), rewards.lock("ann", 0, TIME_MAX_S))
    lock = rewards.lock_of("ann")
    assert (lock.shares, lock.weight, rewards.weight()) == (1_500, 6_000, 6_000)
    assert lock.until == rewards.vm.clock.unix_timestamp + TIME_MAX_S
    assert lock.owed == 100


def test_tokens_are_moved_to_where_they_run_short(rewards: RewardDesk) -> None:
    send = rewards.vm.send
    send(rewards.lock("ann", 10, 500), rewards.airdrop(100))
    with rewards.vm.fails(TokenError.InsufficientFunds):
        send(rewards.claim("ann", "gems1"))
    with rewards.vm.fails(VaultError.WrongTokens):
        send(rewards.move("gems0", "ann_gems", 100))
    send(rewards.move("gems0", "gems1", 100), rewards.claim("ann", "gems1"))
    assert rewards.desk.tokens("ann_gems") == 100


def test_whose_accounts(rewards: RewardDesk) -> None:
    send, fails = rewards.vm.send, rewards.vm.fails
    send(rewards.lock("ann", 10, 500), rewards.airdrop(100))
    with fails(VaultError.NotOwner):
        send(rewards.claim("ann", owner="ben"))
    for call in (
        rewards.claim("ann", "locked0"),
        rewards.airdrop(5, "locked0"),
        rewards.lock("ben", 5, 500, "ben_shares"),
    ):
        with fails(VaultError.WrongTokens):
            send(call)
    rewards.vm.set_account("other", owner=vault, data=LockedSums(pool="other"))
    with fails(VaultError.WrongVault):
        send(rewards.airdrop(5, sums="other"))
    with fails("AccountAlreadyInitialized"):
        send(rewards.open())
    with fails(VaultError.InvalidParameter):
        rewards.desk.allot("pool2", 221)
        rewards.desk.allot("sums2", 72)
        send(rewards.open(time_max_s=0, pool="pool2", sums="sums2"))
    assert rewards.desk.tokens("boss_gems") == STARTING - 100
