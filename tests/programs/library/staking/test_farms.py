"""Farms: what only their owners and developers may do, and points. The rest is in the vectors."""

from __future__ import annotations

import pytest

from sealane import Pubkey
from sealane.programs.library.staking import Farm, Flow, Pool, StakingError, staking
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

AUTHORITY = Pubkey.find_program_address([b"rewards", Pubkey.of("farm")], staking.id)[0]
TERMS = {
    "reward_per_slot": 100,
    "start_slot": 0,
    "bonus_end_slot": 0,
    "bonus_multiplier": 1,
    "developer_divisor": 10,
}


@pytest.fixture
def farm(vm: Vm) -> Vm:
    """A farm with a base pool of a third of the others' points, and one other."""
    mint = Mint(is_initialized=True, mint_authority=AUTHORITY)
    vm.set_account("reward", owner="token", data=mint)
    vm.set_account("lp", owner="token", data=Mint(is_initialized=True))
    for name, owner in (("vault", AUTHORITY), ("dev_reward", "dev")):
        data = TokenAccount(mint="reward", owner=owner, state=AccountState.Initialized)
        vm.set_account(name, owner="token", data=data)
    vm.set_account("farm", owner=staking, data=bytes(Farm.layout_size))
    vm.send(
        staking.initialize_farm(
            farm="farm",
            reward_mint="reward",
            admin="admin",
            developer="dev",
            base_divisor=3,
            **TERMS,
        )
    )
    add(vm, 0, 0)
    add(vm, 1, 300)
    return vm


def add(vm: Vm, number: int, points: int, by: str = "admin") -> None:
    vm.set_account(f"pool{number}", owner=staking, data=bytes(Pool.layout_size))
    vm.set_account(f"flow{number}", owner=staking, data=bytes(Flow.layout_size))
    vm.send(
        staking.add_pool(
            farm="farm",
            pool=f"pool{number}",
            flow=f"flow{number}",
            stake_mint="lp",
            admin=by,
            points=points,
            pools=[f"pool{k}" for k in range(number)],
        )
    )


def set_points(vm: Vm, pool: str, other: str, points: int) -> None:
    vm.send(staking.set_points(farm="farm", pool=pool, admin="admin", points=points, pools=[other]))


def test_points_of_the_base_pool_follow_the_others(farm: Vm) -> None:
    assert farm.read("farm", Farm).base_points == 100
    set_points(farm, "pool1", "pool0", 100)
    state = farm.read("farm", Farm)
    assert (state.points, state.base_points) == (100, 33)
    with farm.fails(StakingError.InvalidParameter):
        set_points(farm, "pool0", "pool1", 100)


def test_points_change_only_with_all_pools_up_to_date(farm: Vm) -> None:
    with farm.fails(StakingError.WrongPool):
        set_points(farm, "pool1", "pool1", 100)
    farm.advance(slots=1)
    with farm.fails(StakingError.StalePool):
        set_points(farm, "pool1", "pool0", 100)


def test_who_may_do_what(farm: Vm) -> None:
    with farm.fails(StakingError.NotAdmin):
        add(farm, 2, 5, by="ann")
    with farm.fails(StakingError.NotAdmin):
        farm.send(staking.set_multiplier(farm="farm", admin="ann", bonus_multiplier=5))
    with farm.fails(StakingError.NotDeveloper):
        farm.send(staking.set_developer(farm="farm", developer="ann", successor=Pubkey.of("ann")))


def test_a_mint_of_somebody_elses(farm: Vm) -> None:
    farm.set_account("farm2", owner=staking, data=bytes(Farm.layout_size))
    with farm.fails(StakingError.InvalidMint):
        farm.send(
            staking.initialize_farm(
                farm="farm2",
                reward_mint="reward",
                admin="admin",
                developer="dev",
                base_divisor=0,
                **TERMS,
            )
        )
