"""Strategies: they get assets of a vault, report gains and losses, and repay.

A strategy runs elsewhere; its manager, a person or an address of a program, answers for it. A gain
counts only as far as it was paid in.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..authorities import authority_seeds
from ..token import TokenAccount
from ..token_moves import move_in, move_out
from .accounts import Authority, require_same
from .books import book_gain, book_loss
from .errors import VaultError
from .events import Reported
from .managing import Governed
from .program import vault as program
from .state import Strategy, Vault


@program.instruction(tag=8)
def open_strategy(
    vault: Governed,
    strategy: Mut[UncheckedAccount],
    tokens: TokenAccount,
    manager: UncheckedAccount,
    admin: Signer,
    debt_max: u64,
) -> None:
    """Let a strategy have up to `debt_max` of the vault's assets, paid into `tokens`."""
    del admin
    fits = tokens.mint == vault.asset_mint and tokens.key != vault.idle_vault
    require(fits, VaultError.WrongTokens, account=tokens)
    Strategy.view(strategy).initialize(
        vault=vault.key, manager=manager.key, tokens=tokens.key, debt_max=debt_max
    )


@program.instruction(tag=9)
def set_debt_max(vault: Governed, strategy: Mut[Strategy], admin: Signer, debt_max: u64) -> None:
    """Set what a strategy may owe; what it has beyond that, it should repay."""
    del admin
    _require_of(vault, strategy)
    strategy.debt_max = debt_max


@program.instruction(tag=10)
def allocate(
    ctx: Context,
    vault: Mut[Governed],
    authority: Authority,
    idle_vault: Mut[UncheckedAccount],
    strategy: Mut[Strategy],
    tokens: Mut[UncheckedAccount],
    admin: Signer,
    assets: u64,
) -> None:
    """Give a strategy idle assets to work with."""
    del admin
    _require_of(vault, strategy)
    require_same(idle_vault, vault.idle_vault)
    require_same(tokens, strategy.tokens)
    require(assets <= vault.idle, VaultError.NotEnoughIdle, account=vault)
    fits = strategy.debt + assets <= strategy.debt_max
    require(fits, VaultError.ExceededDebtMax, account=strategy)
    vault.idle -= assets
    vault.debt += assets
    strategy.debt += assets
    seeds = authority_seeds(vault.key, vault.bump)
    move_out(ctx, idle_vault, tokens, authority, seeds, assets)


@program.instruction(tag=11)
def report(
    ctx: Context,
    vault: Mut[Vault],
    idle_vault: Mut[UncheckedAccount],
    strategy: Mut[Strategy],
    source: Mut[UncheckedAccount],
    manager: Signer,
    gain: u64,
    loss: u64,
) -> None:
    """Pay in a gain, or write off a loss of what the strategy owes."""
    _require_of(vault, strategy)
    _require_manager(strategy, manager)
    require_same(idle_vault, vault.idle_vault)
    require(gain == 0 or loss == 0, VaultError.InvalidParameter)
    now = ctx.clock.unix_timestamp
    fee = book_gain(vault, gain, now) if gain else 0
    _write_off(vault, strategy, loss, now)
    strategy.gained += gain
    move_in(ctx, source, idle_vault, manager, gain)
    ctx.emit(Reported(strategy=strategy.key, gain=gain, loss=loss, fee=fee))


@program.instruction(tag=12)
def repay(
    ctx: Context,
    vault: Mut[Vault],
    idle_vault: Mut[UncheckedAccount],
    strategy: Mut[Strategy],
    source: Mut[UncheckedAccount],
    manager: Signer,
    assets: u64,
) -> None:
    """Pay back what the strategy owes, or a part of it."""
    _require_of(vault, strategy)
    _require_manager(strategy, manager)
    require_same(idle_vault, vault.idle_vault)
    require(assets <= strategy.debt, VaultError.TooMuch, account=strategy)
    strategy.debt -= assets
    vault.debt -= assets
    vault.idle += assets
    move_in(ctx, source, idle_vault, manager, assets)


@program.instruction(tag=13)
def write_off(
    ctx: Context, vault: Mut[Governed], strategy: Mut[Strategy], admin: Signer, loss: u64
) -> None:
    """Write off what a strategy will not repay, where its manager does not report it."""
    del admin
    _require_of(vault, strategy)
    _write_off(vault, strategy, loss, ctx.clock.unix_timestamp)
    ctx.emit(Reported(strategy=strategy.key, gain=0, loss=loss, fee=0))


def _write_off(vault: Vault, strategy: Strategy, loss: int, now: int) -> None:
    require(loss <= strategy.debt, VaultError.TooMuch, account=strategy)
    if loss:
        book_loss(vault, loss, now)
    strategy.debt -= loss
    strategy.lost += loss
    strategy.reported_at = now


def _require_of(vault: Vault, strategy: Strategy) -> None:
    require(strategy.vault == vault.key, VaultError.WrongVault, account=strategy)


def _require_manager(strategy: Strategy, manager: Signer) -> None:
    require(strategy.manager == manager.key, VaultError.NotManager, account=strategy)
