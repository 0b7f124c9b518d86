"""Positions: what may be drawn, and who must consent."""

from __future__ import annotations

import pytest

from sealane.programs.library.stablecoin import RAD, RAY, WAD, DebtShard, stablecoin
from sealane.programs.library.stablecoin import StablecoinError as Error

from .bank import TOKEN, Bank
from .calls import KIND


@pytest.fixture
def funded(bank: Bank) -> Bank:
    """ann has locked 100 gold and drawn 400; bob has only accounts."""
    bank.add("ann", shard=0)
    bank.add("bob", shard=0)
    bank.fund("ann", 100, 400)
    return bank


def test_tokens_in_coins_out_and_back_again(funded: Bank) -> None:
    assert (funded.held("ann_gold"), funded.held("vault")) == (900 * TOKEN, 100 * TOKEN)
    funded.send(funded.coins_out("ann", 400 * TOKEN))
    assert (funded.held("ann_coin"), funded.coins("ann")) == (400 * TOKEN, 0)
    funded.send(funded.coins_in("ann", 400 * TOKEN))
    funded.send(funded.adjust("ann", -100 * WAD, -400 * WAD), funded.withdraw("ann", 100 * TOKEN))
    assert (funded.held("ann_gold"), funded.held("vault")) == (1_000 * TOKEN, 0)
    assert (funded.held("ann_coin"), funded.coins("ann")) == (0, 0)


def test_what_may_not_be_drawn(funded: Bank) -> None:
    vm = funded.vm
    with vm.fails(Error.NotSafe):
        funded.send(funded.adjust("ann", 0, 101 * WAD))
    with vm.fails(Error.NotSafe):
        funded.send(funded.adjust("ann", -21 * WAD, 0))
    with vm.fails(Error.DebtTooSmall):
        funded.send(funded.adjust("ann", 0, -391 * WAD))
    with vm.fails(Error.InsufficientDebt):
        funded.send(funded.adjust("ann", 0, -401 * WAD))
    with vm.fails(Error.InsufficientCollateral):
        funded.send(funded.adjust("ann", WAD, 0))
    ceiling = stablecoin.set_ceiling(**KIND, shard="shard_0", admin="admin", ceiling=400 * RAD)
    funded.send(ceiling)
    with vm.fails(Error.CeilingExceeded):
        funded.send(funded.adjust("ann", 0, 1))
    funded.send(funded.adjust("ann", 0, -1))


def test_an_unsafe_position_may_only_become_safer(funded: Bank) -> None:
    funded.send(funded.deposit("ann", 20 * TOKEN))
    funded.set_price(7)
    with funded.vm.fails(Error.NotSafe):
        funded.send(funded.adjust("ann", 10 * WAD, 1))
    with funded.vm.fails(Error.NotSafe):
        funded.send(funded.adjust("ann", -1, -40 * WAD))
    funded.send(funded.adjust("ann", 10 * WAD, 0))
    funded.send(funded.adjust("ann", 0, -10 * WAD))


def test_anyone_may_lock_and_repay_but_with_what_is_theirs(funded: Bank) -> None:
    funded.send(funded.deposit("bob", 200 * TOKEN))
    funded.send(funded.adjust("bob", 100 * WAD, 50 * WAD))
    for_ann = {"position": "ann_urn", "caller": "bob"}
    funded.send(funded.adjust("bob", WAD, 0, **for_ann))
    funded.send(funded.adjust("bob", 0, -WAD, **for_ann))
    for collateral, debt in ((-WAD, 0), (0, WAD)):
        with funded.vm.fails(Error.NotAllowed):
            funded.send(funded.adjust("bob", collateral, debt, **for_ann))
    with funded.vm.fails(Error.NotAllowed):
        funded.send(funded.adjust("ann", WAD, 0, collateral_balance="bob_gem"))
    with funded.vm.fails(Error.NotAllowed):
        funded.send(funded.adjust("ann", 0, -WAD, coin_balance="bob_dai"))


def test_a_permission_lets_another_act_until_it_is_revoked(funded: Bank) -> None:
    permission = funded.permit("ann", "bob")
    draw = funded.adjust("bob", 0, WAD, position="ann_urn", caller="bob", permissions=[permission])
    funded.send(draw)
    move = stablecoin.move_coins(
        engine="engine",
        source="ann_dai",
        destination="bob_dai",
        caller="bob",
        permissions=[permission],
        amount=RAD,
    )
    funded.send(move)
    assert funded.coins("bob") == 2 * RAD
    with funded.vm.fails(Error.NotAllowed):
        funded.send(stablecoin.revoke(engine="engine", permission=permission, grantor="bob"))
    funded.send(stablecoin.revoke(engine="engine", permission=permission, grantor="ann"))
    with funded.vm.fails(Error.NotAllowed):
        funded.send(draw)
    grant = stablecoin.permit(engine="engine", permission=permission, grantor="ann", grantee="bob")
    funded.send(grant, draw)


def test_the_short_forms_do_what_adjust_does(funded: Bank) -> None:
    own = {"position": "ann_urn", "holder": "ann"}
    places = {"shard": "shard_0", "coin_balance": "ann_dai"}
    funded.send(funded.deposit("ann", 10 * TOKEN))
    funded.send(
        stablecoin.lock(collateral_type="gold", balance="ann_gem", amount=10 * WAD, **own),
        stablecoin.draw(**KIND, **places, **own, debt=100 * WAD),
        funded.repay("ann", 60 * WAD),
        stablecoin.free(**KIND, balance="ann_gem", amount=20 * WAD, **own),
    )
    urn = funded.urn("ann")
    assert (urn.collateral, urn.normalized_debt) == (90 * WAD, 440 * WAD)
    assert (funded.gems("ann"), funded.coins("ann")) == (20 * WAD, 440 * RAD)
    with funded.vm.fails(Error.NotSafe):
        funded.send(stablecoin.draw(**KIND, **places, **own, debt=20 * WAD))
    with funded.vm.fails(Error.NotSafe):
        funded.send(stablecoin.free(**KIND, balance="ann_gem", amount=4 * WAD, **own))
    with funded.vm.fails(Error.InsufficientCoins):
        funded.send(funded.repay("ann", 20 * WAD, coin_balance="bob_dai", payer="bob"))


def test_a_fork_needs_both_owners_and_leaves_both_sound(funded: Bank) -> None:
    def fork(collateral: int, debt: int, *permissions: str, to: str = "bob"):
        return stablecoin.fork(
            **KIND,
            source_shard="shard_0",
            destination_shard=funded.shard_of(to),
            source="ann_urn",
            destination=f"{to}_urn",
            caller="ann",
            permissions=list(permissions),
            collateral=collateral * WAD,
            debt=debt * WAD,
        )

    with funded.vm.fails(Error.NotAllowed):
        funded.send(fork(50, 200))
    allowed = funded.permit("bob", "ann")
    with funded.vm.fails(Error.NotSafe):
        funded.send(fork(10, 200, allowed))
    with funded.vm.fails(Error.DebtTooSmall):
        funded.send(fork(10, 9, allowed))
    with funded.vm.fails(Error.InsufficientCollateral):
        funded.send(fork(101, 400, allowed))
    funded.send(fork(50, 200, allowed))
    assert funded.urn("bob").values() == funded.urn("ann").values() | {
        "holder": funded.vm.key("bob")
    }
    funded.add("cat", shard=1)
    other = funded.permit("cat", "ann")
    funded.send(fork(50, 200, other, to="cat"))
    shards = [funded.vm.read(f"shard_{k}", DebtShard).normalized_debt for k in (0, 1)]
    assert shards == [200 * WAD, 200 * WAD]


def test_debt_grows_by_time_alone_and_fees_wait_in_the_shard(funded: Bank) -> None:
    funded.set_fee(1_000000564701133626865910626)  # 5% a day
    funded.pass_time(86_400)
    with funded.vm.fails(Error.InsufficientCoins):
        funded.send(funded.adjust("ann", 0, -400 * WAD))
    funded.send(funded.adjust("ann", 0, -100 * WAD))
    rate = funded.vm.read("shard_0", DebtShard).rate
    assert rate // 10**15 == 1_050_000_000_000
    assert funded.coins("ann") == 400 * RAD - 100 * WAD * rate
    assert funded.treasury.coins == 0
    funded.settle()
    assert funded.treasury.coins == 400 * WAD * (rate - RAY)


def test_a_fee_changes_in_the_second_of_a_drip(funded: Bank) -> None:
    funded.pass_time(1)
    with funded.vm.fails(Error.RateNotUpdated):
        funded.send(stablecoin.set_fee(**KIND, admin="admin", fee=RAY))


def test_a_shut_down_engine_lends_no_more(funded: Bank) -> None:
    funded.send(stablecoin.shut_down(engine="engine", admin="admin"))
    with funded.vm.fails(Error.NotLive):
        funded.send(funded.adjust("ann", 0, WAD))
    with funded.vm.fails(Error.NotLive):
        funded.send(funded.coins_out("ann", TOKEN))
