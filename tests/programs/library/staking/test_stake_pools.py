"""Stake pools: pool tokens for lamports, fees, epochs, rewards and slashing."""

from __future__ import annotations

import pytest

from sealane.programs.library.staking import FeeKind, Slashed, StakingError, staking

from .lake import STARTING, Lake
from .logged import logged


def test_deposits_and_withdrawals_pay_fees(lake: Lake) -> None:
    vm = lake.vm
    vm.send(lake.deposit("ann", 10_001))
    # 1 % of 10,001 is 101, rounded up; half of it, rounded down, is the referrer's.
    assert [lake.tokens(who) for who in ("ann", "manager", "referrer")] == [9_900, 51, 50]
    vm.send(lake.withdraw("ann", 9_900))
    assert lake.lamports("ann") == STARTING - 10_001 + 9_900 - 99
    assert lake.tokens("manager") == 51 + 99
    assert lake.pool().supply == lake.supply() == lake.pool().total_lamports == 200
    # The manager pays itself nothing.
    vm.send(lake.withdraw("manager", 150, destination="ann"))
    assert lake.pool().total_lamports == 50


def test_rewards_raise_the_price_and_pay_the_manager(lake: Lake) -> None:
    vm = lake.vm
    vm.send(lake.deposit("ann", 1_000_000))
    vm.send(lake.delegate("validator0", 600_000), lake.delegate("validator1", 400_000))
    vm.airdrop("validator0", 100_000)
    lake.next_epoch()
    with vm.fails(StakingError.StakePoolOutOfDate):
        vm.send(lake.deposit("ben", 1_000))
    vm.send(lake.update())
    pool = lake.pool()
    fee = 1_000_000 * 10_000 // (1_100_000 - 10_000)
    assert (pool.total_lamports, pool.supply) == (1_100_000, 1_000_000 + fee)
    assert fee * pool.total_lamports // pool.supply in (9_999, 10_000)
    assert lake.supply() == pool.supply
    assert (pool.last_epoch_lamports, pool.last_epoch_supply) == (1_000_000, 1_000_000)


def test_a_slash_is_shared_by_stake_and_bond_and_lowers_the_price(lake: Lake) -> None:
    vm = lake.vm
    vm.send(lake.deposit("ann", 1_000_000))
    vm.send(lake.delegate("validator0", 600_000), lake.post_bond("validator0", 60_001))
    receipt = vm.send(lake.slash("validator0", 1, 10))
    event = Slashed(validator=vm.key("validator0"), stake=60_000, bond=6_001)
    assert logged(event) in receipt.logs
    assert lake.lamports("lost") == 1 + 66_001
    assert lake.validator("validator0").bond == 54_000
    # At once, so that nobody leaves at the old price; an update finds nothing more.
    assert lake.pool().total_lamports == 940_000
    vm.send(lake.update())
    assert lake.pool().total_lamports == 940_000
    assert lake.supply() == 1_000_000
    vm.send(lake.slash("validator0", 1, 1), lake.slash("validator0", 1, 1), lake.update())
    assert lake.pool().total_lamports == 400_000
    assert lake.validator("validator0").bond == 0


def test_bonds_stay_while_anything_is_staked(lake: Lake) -> None:
    vm = lake.vm
    vm.send(lake.deposit("ann", 1_000))
    vm.send(lake.post_bond("validator0", 500), lake.delegate("validator0", 1_000))
    with vm.fails(StakingError.InsufficientStake):
        vm.send(lake.withdraw_bond("validator0", 500))
    with vm.fails(StakingError.ReserveTooSmall):
        vm.send(lake.undelegate("validator0", 1_001))
    vm.send(lake.undelegate("validator0", 1_000))
    vm.send(lake.withdraw_bond("validator0", 500))
    assert lake.lamports("operator") == STARTING


def test_fees_on_rewards_and_withdrawals_change_after_a_whole_epoch(lake: Lake) -> None:
    vm = lake.vm
    vm.send(
        lake.set_fee(FeeKind.Deposit, 2, 100),
        lake.set_fee(FeeKind.Epoch, 20, 100),
        lake.set_fee(FeeKind.Withdrawal, 15, 1_000),
    )
    assert lake.pool().deposit_fee.numerator == 2
    for fees in ((10, 1), (20, 15)):
        lake.next_epoch()
        vm.send(lake.update(), lake.update())
        assert (lake.pool().epoch_fee.numerator, lake.pool().withdrawal_fee.numerator) == fees


def test_refused_fees(lake: Lake) -> None:
    vm = lake.vm
    with vm.fails(StakingError.NotAdmin):
        vm.send(lake.set_fee(FeeKind.Epoch, 1, 100, by="ann"))
    with vm.fails(StakingError.FeeTooHigh):
        vm.send(lake.set_fee(FeeKind.Epoch, 101, 100))
    for numerator in (151, 160):
        with vm.fails(StakingError.FeeIncreaseTooHigh):
            vm.send(lake.set_fee(FeeKind.Withdrawal, numerator, 10_000))


@pytest.mark.parametrize(
    ("error", "lamports", "tokens"),
    [(StakingError.DepositTooSmall, 0, None), (StakingError.WithdrawalTooSmall, None, 0)],
)
def test_too_little(
    lake: Lake, error: StakingError, lamports: int | None, tokens: int | None
) -> None:
    lake.vm.send(lake.deposit("ann", 1_000))
    with lake.vm.fails(error):
        if lamports is not None:
            lake.vm.send(lake.deposit("ann", lamports))
        else:
            lake.vm.send(lake.withdraw("ann", tokens or 0))


def test_other_refusals(lake: Lake) -> None:
    vm = lake.vm
    vm.send(lake.deposit("ann", 1_000), lake.delegate("validator1", 900))
    with vm.fails(StakingError.ExceededSlippage):
        vm.send(lake.deposit("ann", 100, least=100))
    with vm.fails(StakingError.ExceededSlippage):
        vm.send(lake.withdraw("ann", 50, least=51))
    with vm.fails(StakingError.ReserveTooSmall):
        vm.send(lake.withdraw("ann", 500))
    with vm.fails(StakingError.NotAdmin):
        vm.send(lake.delegate("validator0", 1, by="ann"))
    with vm.fails(StakingError.NotSlasher):
        vm.send(lake.slash("validator1", 1, 2, by="ann"))
    for share in ((0, 1), (2, 1)):
        with vm.fails(StakingError.InvalidParameter):
            vm.send(lake.slash("validator1", *share))
    with vm.fails(StakingError.NotHolder):
        vm.send(lake.post_bond("validator1", 1, by="ann"))
    for validators in (("validator0",), ("validator1", "validator0")):
        with vm.fails(StakingError.WrongValidators):
            vm.send(lake.update(validators))
    with vm.fails(StakingError.WrongAccount):
        vm.send(lake.deposit("ann", 100, fee_account="ann_tokens"))
    lake.allot("pool2", 413)
    lake.allot("reserve2", 40)
    with vm.fails(StakingError.InvalidMint):
        vm.send(lake.initialize(pool="pool2", reserve="reserve2"))


def test_the_yield_of_an_epoch(lake: Lake) -> None:
    lake.vm.send(lake.deposit("ann", 1_000_000))
    lake.next_epoch()
    lake.vm.airdrop("reserve", 11_000)
    lake.vm.send(lake.update())
    data = lake.vm.send(staking.epoch_yield(pool="pool")).return_data
    gained = int.from_bytes(data or b"", "little", signed=True)
    assert 9_800_000_000 < gained < 9_920_000_000
