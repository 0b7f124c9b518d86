"""Balances within the engine: coins, collateral, bad debt, and who may act for whom.

Moves within the engine mint and burn no tokens: two of them wait for each other only if they share
a balance.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u256
from .errors import StablecoinError
from .program import stablecoin
from .relations import require_admin, require_consent, require_engine, require_key, require_type
from .rules.debt import at_least_zero, fold, rate_at
from .state import (
    CoinBalance,
    CollateralBalance,
    CollateralType,
    DebtShard,
    Engine,
    Permission,
)


@stablecoin.instruction(tag=19)
def move_coins(
    engine: Engine,
    source: Mut[CoinBalance],
    destination: Mut[CoinBalance],
    caller: Signer,
    permissions: list[UncheckedAccount],
    amount: u256,
) -> None:
    """Move coins [rad] from one balance to another, by the owner or with its permission."""
    for balance in (source, destination):
        require_engine(balance.engine, engine, balance)
    require_consent(source.holder, caller, engine, permissions)
    require(amount <= source.coins, StablecoinError.InsufficientCoins, account=source)
    source.coins -= amount
    destination.coins += amount


@stablecoin.instruction(tag=20)
def move_collateral(
    engine: Engine,
    collateral_type: CollateralType,
    source: Mut[CollateralBalance],
    destination: Mut[CollateralBalance],
    caller: Signer,
    permissions: list[UncheckedAccount],
    amount: u256,
) -> None:
    """Move collateral [wad] from one balance to another, by the owner or with its permission."""
    require_engine(collateral_type.engine, engine, collateral_type)
    for balance in (source, destination):
        require_type(balance.collateral_type, collateral_type, balance)
    require_consent(source.holder, caller, engine, permissions)
    require(amount <= source.amount, StablecoinError.InsufficientCollateral, account=source)
    source.amount -= amount
    destination.amount += amount


@stablecoin.instruction(tag=21)
def permit(
    engine: Engine,
    permission: Mut[UncheckedAccount],
    grantor: Signer,
    grantee: UncheckedAccount,
) -> None:
    """Allow `grantee` to act for the signer (`hope`), in a new account or one revoked before."""
    if any(permission.data):
        held = _permission_of(engine, permission, grantor)
        require_key(held.grantee, grantee)
        held.allowed = True
        return
    Permission.view(permission).initialize(
        engine=engine.key,
        grantor=grantor.key,
        grantee=grantee.key,
        allowed=True,
    )


@stablecoin.instruction(tag=22)
def revoke(engine: Engine, permission: Mut[UncheckedAccount], grantor: Signer) -> None:
    """Take a permission back (`nope`)."""
    _permission_of(engine, permission, grantor).allowed = False


@stablecoin.instruction(tag=23)
def collect_fees(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    shard: Mut[DebtShard],
    treasury: Mut[CoinBalance],
) -> None:
    """Give the treasury what the debt of a shard has grown, or take what it has shrunk. Anyone may.

    Until then no position waits for the treasury, which all of them would write.
    """
    require_engine(collateral_type.engine, engine, collateral_type)
    require_type(shard.collateral_type, collateral_type, shard)
    require_key(engine.treasury, treasury)
    fold(shard, rate_at(engine, collateral_type, ctx.clock.unix_timestamp))
    treasury.coins = at_least_zero(treasury.coins + shard.fees, StablecoinError.InsufficientCoins)
    shard.fees = 0


@stablecoin.instruction(tag=24)
def heal(balance: Mut[CoinBalance], holder: Signer, amount: u256) -> None:
    """Cancel as many coins as bad debt [rad] of the signer's balance."""
    require(balance.holder == holder.key, StablecoinError.NotAllowed, account=holder)
    require(amount <= balance.coins, StablecoinError.InsufficientCoins, account=balance)
    require(amount <= balance.bad_debt, StablecoinError.InsufficientDebt, account=balance)
    balance.coins -= amount
    balance.bad_debt -= amount


@stablecoin.instruction(tag=25)
def issue(
    engine: Engine,
    debtor: Mut[CoinBalance],
    receiver: Mut[CoinBalance],
    admin: Signer,
    amount: u256,
) -> None:
    """Issue coins [rad] against bad debt of another balance (`suck`); the admin's right."""
    require_admin(engine, admin)
    for balance in (debtor, receiver):
        require_engine(balance.engine, engine, balance)
    debtor.bad_debt += amount
    receiver.coins += amount


def _permission_of(engine: Engine, account: UncheckedAccount, grantor: Signer) -> Permission:
    permission = Permission.view(account)
    require_engine(permission.engine, engine, account)
    require(permission.grantor == grantor.key, StablecoinError.NotAllowed, account=grantor)
    return permission
