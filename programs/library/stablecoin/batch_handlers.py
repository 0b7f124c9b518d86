"""Batch handlers of what borrowers and savers do most: the same statements, for columns.

Rows that must fold a rate first, that act by a permission or that fail are left to the scalar
handlers: one `drip` a block and type keeps them few.
"""

from __future__ import annotations

from ...kit import Context, Signer, UncheckedAccount, i256, only_where
from .errors import StablecoinError
from .events import Adjusted
from .gates import deposit_collateral, withdraw_collateral
from .positions import adjust, draw, free, lock, repay
from .relations import require_engine, require_live, require_position, require_type
from .rules.debt import at_least_zero, change, fold, require_enough_debt, terms_at
from .savings import exit_savings, join_savings
from .state import (
    CoinBalance,
    CollateralBalance,
    CollateralType,
    DebtShard,
    Engine,
    Position,
)

deposit_collateral.batch(deposit_collateral.handler)
withdraw_collateral.batch(withdraw_collateral.handler)
lock.batch(lock.handler)
free.batch(free.handler)
draw.batch(draw.handler)
repay.batch(repay.handler)
join_savings.batch(join_savings.handler)
exit_savings.batch(exit_savings.handler)


@adjust.batch
def adjust_rows(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    shard: DebtShard,
    position: Position,
    collateral_balance: CollateralBalance,
    coin_balance: CoinBalance,
    caller: Signer,
    permissions: list[UncheckedAccount],
    collateral: i256,
    debt: i256,
) -> None:
    """`adjust` for all rows at once: of those who act for themselves."""
    del permissions
    require_live(engine)
    require_position(engine, collateral_type, shard, position)
    require_type(collateral_balance.collateral_type, collateral_type, collateral_balance)
    require_engine(coin_balance.engine, engine, coin_balance)
    terms = terms_at(engine, collateral_type, ctx.clock.unix_timestamp)
    fold(shard, terms.rate)
    drawn = change(position, shard, terms, collateral, debt)
    better = (debt <= 0) & (collateral >= 0)
    only_where(better | (position.holder == caller.key))
    only_where((collateral <= 0) | (collateral_balance.holder == caller.key))
    only_where((debt >= 0) | (coin_balance.holder == caller.key))
    require_enough_debt(position, terms)
    collateral_balance.amount = at_least_zero(
        collateral_balance.amount - collateral, StablecoinError.InsufficientCollateral
    )
    coin_balance.coins = at_least_zero(
        coin_balance.coins + drawn, StablecoinError.InsufficientCoins
    )
    ctx.emit(Adjusted(position=position.key, collateral=collateral, debt=debt, rate=terms.rate))
