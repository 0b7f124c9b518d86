"""Banks: their making, and the refresh by which interest is charged and sums are taken over.

Users only add to a bank's sums and read the bank, so none of them waits for another. In return, the
bank knows its totals, and charges interest, as of its last refresh, like Mango's index update.
"""

from __future__ import annotations

from typing import Annotated

from ....kit import (
    Arg,
    Context,
    HasOne,
    Mut,
    Signer,
    UncheckedAccount,
    require,
)
from ...authorities import found_authority
from ...oracle import Feed
from ...token import Mint
from ...units import BASIS_POINTS, WAD
from ..errors import PerpetualsError
from ..price import checked_price, price_unit
from ..program import perpetuals
from .rates import grown_indices
from .state import Bank, BankParams, BankTotals


@perpetuals.instruction(tag=44)
def initialize_bank(
    ctx: Context,
    bank: Mut[UncheckedAccount],
    totals: Mut[UncheckedAccount],
    mint: Mint,
    feed: Feed,
    admin: Signer,
    params: Arg[BankParams],
) -> None:
    """Make a bank for tokens of `mint`. Its vaults are token accounts of its authority."""
    _require_params(params)
    authority, bump = found_authority(bank.key, ctx.program_id)
    unit = price_unit(feed.exponent)
    age_s = ctx.clock.unix_timestamp - feed.published_at
    checked_price(feed, age_s, params.price_age_max_s, feed.exponent, unit)
    Bank.view(bank).initialize(
        **params.values(),
        admin=admin.key,
        mint=mint.key,
        feed=feed.key,
        totals=totals.key,
        authority=authority,
        bump=bump,
        price_exponent=feed.exponent,
        price_unit=unit,
        deposit_index=WAD,
        borrow_index=WAD,
        refreshed_at=ctx.clock.unix_timestamp,
    )
    BankTotals.view(totals).initialize(bank=bank.key)


@perpetuals.instruction(tag=45)
def configure_bank(bank: Mut[Bank], admin: Signer, params: Arg[BankParams]) -> None:
    """Replace what the admin chooses."""
    require(bank.admin == admin.key, PerpetualsError.NotAdmin)
    _require_params(params)
    for name, value in params.values().items():
        setattr(bank, name, value)


@perpetuals.instruction(tag=46)
def refresh_bank(
    ctx: Context, bank: Annotated[Mut[Bank], HasOne("totals")], totals: BankTotals
) -> None:
    """Charge interest since the last refresh, and take over the sums and fees; by anybody."""
    deposits, borrows = totals.deposited - totals.withdrawn, totals.borrowed - totals.repaid
    now_s = ctx.clock.unix_timestamp
    elapsed_s = now_s - bank.refreshed_at
    indices = grown_indices(bank, deposits, borrows, elapsed_s)
    bank.deposit_index, bank.borrow_index = indices
    bank.deposits, bank.borrows = deposits, borrows
    bank.potential = totals.reserved - totals.released
    bank.insurance += totals.fees - bank.fees_taken
    bank.fees_taken = totals.fees
    bank.refreshed_at = now_s


def _require_params(params: BankParams) -> None:
    fees = params.fee_bps + params.tax_bps <= BASIS_POINTS
    rising = params.util0 <= params.util1 <= WAD and params.shift_start <= params.shift_end
    weighted = params.init_asset_weight <= params.maint_asset_weight <= WAD
    owed = params.init_liab_weight >= params.maint_liab_weight >= WAD
    fits = fees and rising and weighted and owed
    require(fits, PerpetualsError.InvalidParameter, "fees, curve, times or weights")
