"""Flash loans: tokens of the vaults for the time of a nested call, for the pool's fee."""

from __future__ import annotations

from ....primitives.transaction import AccountMeta
from ...kit import Context, Instruction, Mut, ProgramAccount, UncheckedAccount, div_up, require, u64
from ..authorities import authority_seeds
from ..token import TokenAccount
from ..token_moves import move_out
from .accounts import Authority, require_vaults
from .errors import ClmmError
from .events import Flashed
from .maths.fixed_point import FEE_UNIT, Q128, wrap256
from .program import clmm
from .state import Pool


@clmm.instruction(tag=14)
def flash(
    ctx: Context,
    pool: Mut[Pool],
    vault0: Mut[UncheckedAccount],
    vault1: Mut[UncheckedAccount],
    destination0: Mut[UncheckedAccount],
    destination1: Mut[UncheckedAccount],
    authority: Authority,
    borrower: ProgramAccount,
    accounts: list[Mut[UncheckedAccount]],
    amount0: u64,
    amount1: u64,
    data: bytes,
) -> None:
    """Lend tokens, call `borrower` with `data` and `accounts`, and require them back with the fee.

    All that the vaults have gained is shared as fees among those with liquidity at the price.
    """
    # What is lent could else be paid in again as one's own: the runtime lets a program call itself.
    require(borrower.key != ctx.program_id, ClmmError.Locked, account=borrower)
    require(pool.liquidity > 0, ClmmError.NoLiquidity, account=pool)
    require_vaults(pool, vault0, vault1)
    before0, before1 = _tokens(vault0), _tokens(vault1)
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault0, destination0, authority, seeds, amount0)
    move_out(ctx, vault1, destination1, authority, seeds, amount1)
    metas = tuple(AccountMeta(each.key, each.is_signer, True) for each in accounts)
    ctx.invoke(Instruction(borrower.key, metas, data))
    paid0, paid1 = _tokens(vault0) - before0, _tokens(vault1) - before1
    require(paid0 >= flash_fee(amount0, pool.fee_pips), ClmmError.FlashUnpaid0, account=vault0)
    require(paid1 >= flash_fee(amount1, pool.fee_pips), ClmmError.FlashUnpaid1, account=vault1)
    share_flash_fees(pool, paid0, paid1)
    ctx.emit(Flashed(pool=pool.key, amount0=amount0, amount1=amount1, paid0=paid0, paid1=paid1))


def flash_fee(amount: int, fee_pips: int) -> int:
    """The fee for a loan, rounded up."""
    return div_up(amount * fee_pips, FEE_UNIT)


def share_flash_fees(pool: Pool, paid0: int, paid1: int) -> None:
    """Add what was paid to the fees of the protocol and of the liquidity at the price."""
    share0 = paid0 // pool.fee_protocol0 if pool.fee_protocol0 else 0
    share1 = paid1 // pool.fee_protocol1 if pool.fee_protocol1 else 0
    pool.protocol_fees0 += share0
    pool.protocol_fees1 += share1
    pool.fee_growth0 = wrap256(pool.fee_growth0 + (paid0 - share0) * Q128 // pool.liquidity)
    pool.fee_growth1 = wrap256(pool.fee_growth1 + (paid1 - share1) * Q128 // pool.liquidity)


def _tokens(vault: UncheckedAccount) -> int:
    return TokenAccount.view(vault).amount
