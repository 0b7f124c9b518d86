"""What a bank owes and what stands against it, to the last decimal."""

from __future__ import annotations

from collections.abc import Iterable

from sealane.programs.library.stablecoin import (
    RAY,
    BidAuction,
    CoinBalance,
    DebtShard,
    LiquidationLimit,
    PriceAuction,
    PriceHouse,
    SavingsShard,
    StabilityPool,
)
from sealane.programs.library.token import Mint

from .bank import Bank

SCALE = 10**12  # coin and gold have 6 decimals


def require_backed(
    bank: Bank, sales: Iterable[str] = (), bids: Iterable[str] = (), pools: Iterable[str] = ()
) -> None:
    """Every coin is someone's debt, and every gem is in the vault."""
    prices = [bank.vm.read(name, PriceAuction) for name in sales]
    offers = [bank.vm.read(name, BidAuction) for name in bids]
    shards = [bank.vm.read(f"shard_{k}", DebtShard) for k in range(bank.shards)]
    savings = bank.vm.read("savings_0", SavingsShard)
    balances = [bank.treasury, *(bank.vm.read(f"{u}_dai", CoinBalance) for u in bank.users)]
    coins = sum(balance.coins for balance in balances)
    coins += bank.vm.read("coin_mint", Mint).supply * SCALE * RAY
    coins += savings.shares * savings.index + sum(shard.fees for shard in shards)
    coins += sum(auction.raised for auction in prices) + sum(auction.bid for auction in offers)
    stable = [bank.vm.read(name, StabilityPool) for name in pools]
    coins += sum(pool.total for pool in stable)
    debts = sum(shard.normalized_debt * shard.rate for shard in shards) + savings.interest
    debts += sum(balance.bad_debt for balance in balances)
    assert coins == debts
    _require_gems(bank, [*prices, *offers], stable)
    _require_sums(bank, shards)
    _require_limits(bank, prices, offers)


def _require_gems(
    bank: Bank, auctions: Iterable[PriceAuction | BidAuction], pools: Iterable[StabilityPool]
) -> None:
    gems = sum(bank.gems(user) + bank.urn(user).collateral for user in bank.users)
    gems += bank.gems("admin") + sum(auction.lot for auction in auctions)
    gems += sum(pool.collateral for pool in pools)
    assert gems == bank.held("vault") * SCALE


def _require_sums(bank: Bank, shards: list[DebtShard]) -> None:
    owed = [0] * len(shards)
    for user in bank.users:
        owed[int(bank.shard_of(user)[-1])] += bank.urn(user).normalized_debt
    assert owed == [shard.normalized_debt for shard in shards]


def _require_limits(bank: Bank, prices: list[PriceAuction], offers: list[BidAuction]) -> None:
    for_sale = sum(auction.debt + auction.released for auction in prices)
    assert bank.vm.read("house", PriceHouse).used == for_sale
    used = bank.vm.read("limits", LiquidationLimit).used
    assert used == for_sale + sum(auction.debt for auction in offers)
