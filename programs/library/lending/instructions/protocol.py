"""What is done for the protocol: its reserves are collected, losses are written off.

Anybody may move cash between two vaults of a reserve, to where it is needed.
"""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ...units import WAD
from ..accruing import accrue, set_price, set_rates
from ..errors import LendingError
from ..events import WrittenOff
from ..figures import accrual
from ..power import parts_of
from ..program import lending
from ..state import Market, Obligation, Position, Reserve, Totals
from ..vaults import pay_out, require_vault


@lending.instruction(tag=16)
def collect_reserves(
    ctx: Context,
    market: Market,
    reserve: Mut[Reserve],
    totals: Mut[Totals],
    vault: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    vault_authority: UncheckedAccount,
    authority: Signer,
) -> None:
    """Pay the protocol its reserves, in whole tokens, as far as there is cash."""
    _require_authority(market, reserve, authority)
    config = reserve.config
    accrue(reserve, totals, config, ctx.clock.slot)
    amount = min(totals.cash, totals.reserves // WAD)
    require(amount > 0, LendingError.NothingToCollect, account=totals)
    totals.cash -= amount
    totals.reserves -= amount * WAD
    set_rates(reserve, totals, config)
    pay_out(ctx, reserve, vault, destination, vault_authority, amount)


@lending.instruction(tag=17)
def move_cash(
    ctx: Context,
    reserve: Reserve,
    source_vault: Mut[UncheckedAccount],
    target_vault: Mut[UncheckedAccount],
    vault_authority: UncheckedAccount,
    amount: u64,
) -> None:
    """Move cash from one vault of a reserve to another."""
    require_vault(target_vault, reserve)
    pay_out(ctx, reserve, source_vault, target_vault, vault_authority, amount)


@lending.instruction(tag=18)
def write_off(
    ctx: Context,
    market: Market,
    reserve: Mut[Reserve],
    totals: Mut[Totals],
    obligation: Obligation,
    position: Mut[Position],
    authority: Signer,
    entered: list[UncheckedAccount],
) -> None:
    """Write off a debt of an obligation without any collateral.

    The protocol's reserves bear it first; what they cannot bear makes the supply worth less.
    """
    _require_authority(market, reserve, authority)
    require(position.reserve == reserve.key, LendingError.WrongReserve, account=position)
    require(position.obligation == obligation.key, LendingError.WrongMarket, account=position)
    parts = parts_of(ctx, obligation, entered)
    lost = all(part.position.supply_shares == 0 for part in parts)
    require(lost and position.debt_shares > 0, LendingError.NotALoss, account=position)
    config = reserve.config
    accrue(reserve, totals, config, ctx.clock.slot)
    loss = accrual.owed_wads(position.debt_shares, reserve.borrow_index)
    totals.debt_shares -= position.debt_shares
    position.debt_shares = 0
    borne = min(loss, totals.reserves)
    totals.reserves -= borne
    set_price(reserve, totals)
    set_rates(reserve, totals, config)
    ctx.emit(WrittenOff(position=position.key, loss=loss, from_reserves=borne))


def _require_authority(market: Market, reserve: Reserve, authority: Signer) -> None:
    require(market.authority == authority.key, LendingError.WrongAuthority, account=authority)
    require(reserve.market == market.key, LendingError.WrongMarket, account=reserve)
