"""Streams: what stakes earn over time, and what is refused."""

from __future__ import annotations

from sealane import Pubkey
from sealane.programs.library.staking import Claimed, Pool, StakingError, staking
from sealane.testing import Vm

from .logged import logged
from .stream import FUNDED, REWARDS, STARTING, Stream


def begun(stream: Stream) -> None:
    """Ann stakes 300 and ben 100; 400 a second are paid."""
    vm = stream.vm
    vm.send(stream.refresh(), stream.stake("ann", 300), stream.stake("ben", 100, vault=1))
    vm.send(stream.notify(400_000))


def test_rewards_are_shared_by_stake_and_time(stream: Stream) -> None:
    begun(stream)
    stream.wait(10)
    stream.vm.send(stream.refresh(), stream.withdraw("ann", 300))
    stream.wait(5)
    receipt = stream.vm.send(stream.refresh(), stream.claim("ann"), stream.claim("ben", 1))
    event = Claimed(position=stream.vm.key("ben_position"), amount=1_000 + 2_000)
    assert logged(event) in receipt.logs
    assert stream.tokens("ann_reward") == 3_000
    assert stream.tokens("ben_reward") == 3_000
    assert stream.tokens("ann_lp") == STARTING
    assert stream.flow().paid == 6_000


def test_nothing_is_paid_after_the_finish(stream: Stream) -> None:
    begun(stream)
    stream.wait(5_000)
    stream.vm.send(stream.refresh(), stream.claim("ann"))
    stream.wait(5_000)
    stream.vm.send(stream.refresh(), stream.claim("ann"))
    assert stream.tokens("ann_reward") == 300_000


def test_a_later_reward_joins_what_is_left(stream: Stream) -> None:
    begun(stream)
    stream.wait(500)
    stream.vm.send(stream.notify(400_000))
    assert stream.pool().rate == (400_000 + 200_000) // 1_000


def test_a_claim_takes_what_a_vault_has_and_leaves_the_rest_owed(stream: Stream) -> None:
    begun(stream)
    stream.vm.send(stream.move_rewards(FUNDED))
    stream.wait(10)
    stream.put_tokens("rewards1", "reward", REWARDS, 1_000)
    stream.vm.send(stream.refresh(), stream.claim("ann", vault=1))
    assert stream.tokens("ann_reward") == 1_000
    assert stream.position("ann").owed == 2_000
    stream.vm.send(stream.claim("ann"))
    assert stream.tokens("ann_reward") == 3_000


def test_in_an_emergency_stakes_leave_without_rewards(stream: Stream) -> None:
    begun(stream)
    stream.wait(10)
    stream.vm.send(stream.leave("ann"))
    stream.vm.send(stream.refresh(), stream.claim("ann"), stream.claim("ben"))
    assert stream.tokens("ann_lp") == STARTING
    assert (stream.tokens("ann_reward"), stream.tokens("ben_reward")) == (0, 4_000)


def test_what_was_given_but_not_paid_cannot_be_given_again(stream: Stream) -> None:
    begun(stream)
    stream.wait(1_000)
    vm = stream.vm
    with vm.fails(StakingError.RewardTooHigh):
        vm.send(stream.notify(2 * FUNDED - 400_000 + 1_000))
    vm.send(stream.notify(2 * FUNDED - 400_000))
    stream.wait(1_000)
    vm.send(stream.refresh(), stream.claim("ann"), stream.claim("ben", 1))
    vm.send(stream.claim("ann", 1))
    assert stream.rewards_paid() == 2 * FUNDED


def test_stakes_need_a_refreshed_pool_of_their_own(stream: Stream) -> None:
    vm = stream.vm
    stream.wait(1)
    with vm.fails(StakingError.StalePool):
        vm.send(stream.stake("ann", 1))
    with vm.fails(StakingError.StalePool):
        vm.send(stream.withdraw("ann", 1))
    vm.send(stream.refresh(), stream.stake("ann", 5))
    with vm.fails(StakingError.ZeroStake):
        vm.send(stream.stake("ann", 0))
    with vm.fails(StakingError.ZeroWithdrawal):
        vm.send(stream.withdraw("ann", 0))
    with vm.fails(StakingError.InsufficientStake):
        vm.send(stream.withdraw("ann", 6))
    with vm.fails(StakingError.NotHolder):
        vm.send(stream.withdraw("ann", 5, holder="ben"))
    stream.put_tokens("stakes2", "lp", "ann", 0)
    with vm.fails(StakingError.InvalidVault):
        vm.send(stream.stake("ann", 5, vault=2))


def test_who_may_do_what(stream: Stream) -> None:
    vm = stream.vm
    with vm.fails(StakingError.NotDistributor):
        vm.send(stream.notify(1, by="ann"))
    with vm.fails(StakingError.NotAdmin):
        vm.send(staking.set_paused(pool="pool", admin="ann", paused=True))
    vm.send(staking.set_paused(pool="pool", admin="admin", paused=True))
    with vm.fails(StakingError.Paused):
        vm.send(stream.stake("ann", 5))
    vm.send(staking.set_distributor(pool="pool", admin="admin", distributor=Pubkey.of("ann")))
    vm.send(stream.notify(1_000, by="ann"))
    with vm.fails(StakingError.PeriodNotOver):
        vm.send(staking.set_duration(pool="pool", admin="admin", duration=5))
    vm.send(staking.end_stream(pool="pool", flow="flow", admin="admin"))
    stream.wait(1)
    with vm.fails(StakingError.InvalidParameter):
        vm.send(staking.set_duration(pool="pool", admin="admin", duration=0))
    vm.send(staking.set_duration(pool="pool", admin="admin", duration=5))
    with vm.fails(StakingError.InvalidVault):
        vm.send(stream.notify(1_000, by="ann", vaults=("rewards0", "rewards0")))


def test_only_foreign_tokens_are_recovered(stream: Stream) -> None:
    vm = stream.vm
    stream.put_tokens("stray", "other", REWARDS, 7)
    stream.put_tokens("admin_other", "other", "admin", 0)
    shared = {"pool": "pool", "authority": REWARDS, "admin": "admin"}
    with vm.fails(StakingError.StakedToken):
        vm.send(staking.recover(**shared, vault="rewards0", destination="ann_reward", amount=1))
    vm.send(staking.recover(**shared, vault="stray", destination="admin_other", amount=7))
    assert stream.tokens("admin_other") == 7


def test_accounts_of_other_pools(stream: Stream) -> None:
    vm = stream.vm
    vm.set_account("pool2", data=stream.pool())
    vm.set_account("flow2", data=stream.flow())
    with vm.fails(StakingError.WrongPool):
        vm.send(stream.claim("ann", pool="pool2"))
    with vm.fails(StakingError.WrongAccount):
        vm.send(stream.claim("ann", flow="flow2"))
    vm.set_account("pool3", data=Pool(flow="flow"))
    with vm.fails(StakingError.WrongKind):
        vm.send(staking.refresh_stream(pool="pool3", flow="flow"))


def test_what_is_owed_can_be_asked(stream: Stream, vm: Vm) -> None:
    begun(stream)
    stream.wait(10)
    call = staking.earned_so_far(pool="pool", position="ann_position")
    assert vm.send(call).return_data == bytes(8)
    data = vm.send(stream.refresh(), call).return_data
    assert int.from_bytes(data or b"", "little") == 3_000
