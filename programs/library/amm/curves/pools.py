"""Setting up a pool on a curve. Its creator is its owner, who gets part of the fees."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from ....kit import Arg, Context, Layout, Mut, Signer, Tag, UncheckedAccount, require, u64
from ...authorities import authority_seeds, found_authority
from ...token import Mint, TokenAccount
from ...token_moves import mint_out
from ..errors import AmmError
from ..events import Deposited
from ..fraction import Fraction
from ..program import AMM_ID, amm
from ..state import CurvePool
from ..vaults import require_share_mint, require_vaults
from .curve import Curve, CurveKind, require_valid
from .fees import Fees, require_fees

FIRST_SHARES: Final = 1_000_000_000  # whatever the vaults hold
Kind: TypeAlias = Annotated[CurveKind, Tag(1)]


class FeeTable(Layout):
    """The fees of a new pool, as an argument; 0/0 is none."""

    trade_fee_numerator: u64
    trade_fee_denominator: u64
    owner_trade_fee_numerator: u64
    owner_trade_fee_denominator: u64
    owner_withdraw_fee_numerator: u64
    owner_withdraw_fee_denominator: u64
    host_fee_numerator: u64
    host_fee_denominator: u64

    @property
    def fees(self) -> Fees:
        """The four fees."""
        return Fees(
            Fraction(self.trade_fee_numerator, self.trade_fee_denominator),
            Fraction(self.owner_trade_fee_numerator, self.owner_trade_fee_denominator),
            Fraction(self.owner_withdraw_fee_numerator, self.owner_withdraw_fee_denominator),
            Fraction(self.host_fee_numerator, self.host_fee_denominator),
        )


@amm.instruction(tag=32)
def initialize_curve_pool(
    ctx: Context,
    pool: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    vault_a: TokenAccount,
    vault_b: TokenAccount,
    share_mint: Mut[Mint],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    kind: Kind,
    parameter: u64,
    fees: Arg[FeeTable],
) -> None:
    """Open a pool with what its vaults hold; the first billion of shares go to `destination`.

    `parameter` is the price of b in a, or the offset of b. `vault_b` may be empty, except on the
    constant product.
    """
    key, bump = found_authority(pool.key, AMM_ID)
    require_vaults(vault_a, vault_b, key)
    require_share_mint(share_mint, key)
    _require_supply(kind, vault_a, vault_b)
    require_valid(Curve(kind, parameter))
    require_fees(fees.fees)
    CurvePool.view(pool).initialize(
        mint_a=vault_a.mint,
        mint_b=vault_b.mint,
        vault_a=vault_a.key,
        vault_b=vault_b.key,
        share_mint=share_mint.key,
        fee_owner=owner.key,
        bump=bump,
        kind=kind,
        parameter=parameter,
        reserve_a=vault_a.amount,
        reserve_b=vault_b.amount,
        supply=FIRST_SHARES,
        owner_shares=0,
        **{name: getattr(fees, name) for name in FeeTable.layout_fields},
    )
    seeds = authority_seeds(pool.key, bump)
    mint_out(ctx, share_mint, destination, authority, seeds, FIRST_SHARES)
    ctx.emit(
        Deposited(
            pool=pool.key, amount_a=vault_a.amount, amount_b=vault_b.amount, shares=FIRST_SHARES
        )
    )


def _require_supply(kind: CurveKind, vault_a: TokenAccount, vault_b: TokenAccount) -> None:
    require(vault_a.amount > 0, AmmError.EmptySupply, account=vault_a)
    may_lack_b = kind is not CurveKind.ConstantProduct
    require(may_lack_b or vault_b.amount > 0, AmmError.EmptySupply, account=vault_b)
