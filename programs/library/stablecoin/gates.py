"""Where real tokens come in and go out: collateral by transfers, coins by mint and burn.

A token's amount times its `scale` is the wad in the engine, so nothing is ever rounded here.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..authorities import authority_seeds
from ..token import Mint, TokenAccount
from ..token_moves import burn_in, mint_out, move_in, move_out
from .errors import StablecoinError
from .program import stablecoin
from .relations import require_engine, require_key, require_live, require_type
from .rules.fixed_point import RAY
from .state import CoinBalance, CollateralBalance, CollateralType, Engine


@stablecoin.instruction(tag=26)
def deposit_collateral(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    balance: Mut[CollateralBalance],
    source: Mut[TokenAccount],
    vault: Mut[TokenAccount],
    owner: Signer,
    amount: u64,
) -> None:
    """Bring tokens into any balance of their type, through any of the type's vaults."""
    require_live(engine)
    _require_vault(engine, collateral_type, vault)
    require_type(balance.collateral_type, collateral_type, balance)
    move_in(ctx, source, vault, owner, amount)
    balance.amount += amount * collateral_type.scale


@stablecoin.instruction(tag=27)
def withdraw_collateral(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    balance: Mut[CollateralBalance],
    vault: Mut[TokenAccount],
    destination: Mut[TokenAccount],
    authority: UncheckedAccount,
    holder: Signer,
    amount: u64,
) -> None:
    """Take tokens out of one's balance, from any vault that has as many."""
    _require_vault(engine, collateral_type, vault)
    require_key(engine.authority, authority)
    require_type(balance.collateral_type, collateral_type, balance)
    require(balance.holder == holder.key, StablecoinError.NotAllowed, account=holder)
    wad = amount * collateral_type.scale
    require(wad <= balance.amount, StablecoinError.InsufficientCollateral, account=balance)
    balance.amount -= wad
    move_out(ctx, vault, destination, authority, authority_seeds(engine.key, engine.bump), amount)


@stablecoin.instruction(tag=28)
def withdraw_coins(
    ctx: Context,
    engine: Engine,
    balance: Mut[CoinBalance],
    coin_mint: Mut[Mint],
    destination: Mut[TokenAccount],
    authority: UncheckedAccount,
    holder: Signer,
    amount: u64,
) -> None:
    """Take coins out of one's balance as tokens, which are minted. The mint is hot."""
    require_live(engine)
    require_engine(balance.engine, engine, balance)
    require_key(engine.coin_mint, coin_mint)
    require_key(engine.authority, authority)
    require(balance.holder == holder.key, StablecoinError.NotAllowed, account=holder)
    balance.coins = coins_left(balance.coins, amount, engine.coin_scale)
    seeds = authority_seeds(engine.key, engine.bump)
    mint_out(ctx, coin_mint, destination, authority, seeds, amount)


@stablecoin.instruction(tag=29)
def deposit_coins(
    ctx: Context,
    engine: Engine,
    balance: Mut[CoinBalance],
    coin_mint: Mut[Mint],
    source: Mut[TokenAccount],
    owner: Signer,
    amount: u64,
) -> None:
    """Bring tokens of the coin into any balance; they are burned. The mint is hot."""
    require_engine(balance.engine, engine, balance)
    require_key(engine.coin_mint, coin_mint)
    burn_in(ctx, coin_mint, source, owner, amount)
    balance.coins += coins_of(amount, engine.coin_scale)


def coins_of(amount: int, scale: int) -> int:
    """The coins [rad] that an amount of tokens stands for."""
    return amount * scale * RAY


def coins_left(coins: int, amount: int, scale: int) -> int:
    """The coins [rad] that are left when an amount of tokens is taken out."""
    taken = coins_of(amount, scale)
    require(taken <= coins, StablecoinError.InsufficientCoins)
    return coins - taken


def _require_vault(engine: Engine, kind: CollateralType, vault: TokenAccount) -> None:
    require_engine(kind.engine, engine, kind)
    ours = (vault.token_owner == engine.authority) & (vault.mint == kind.collateral_mint)
    require(ours, StablecoinError.WrongAccount, account=vault)
