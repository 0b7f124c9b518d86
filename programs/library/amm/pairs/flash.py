"""Flash swaps: take first, pay before the instruction ends.

The pool pays out, calls a program that the caller names, and then looks at what its vaults hold.
Everything that the program touches is declared by the call, so the access list is complete before
anything runs. The other way, an instruction to borrow and a later one of the same transaction to
repay, is not offered: no instruction can see whether that later one is there. While the program
runs, the runtime lets no other program back into the amm; that, and that the amm cannot borrow
itself, is v2's lock.
"""

from __future__ import annotations

from .....primitives import AccountMeta
from ....kit import Context, Instruction, Mut, ProgramAccount, Rest, UncheckedAccount, require, u64
from ...authorities import authority_seeds
from ...token import TokenAccount
from ...token_moves import move_out
from ..authority import Authority
from ..errors import AmmError
from ..events import Swapped
from ..program import AMM_ID, amm
from ..state import Pool
from ..vaults import require_pair
from . import books


@amm.instruction(tag=16)
def flash_swap(
    ctx: Context,
    pool: Mut[Pool],
    authority: Authority,
    vault_a: Mut[TokenAccount],
    vault_b: Mut[TokenAccount],
    destination_a: Mut[UncheckedAccount],
    destination_b: Mut[UncheckedAccount],
    borrower: ProgramAccount,
    accounts: list[Mut[UncheckedAccount]],
    a_out: u64,
    b_out: u64,
    data: Rest,
) -> None:
    """Pay out, call `borrower` with `data` and `accounts`, and require that it paid enough.

    It may pay in either token, or in the one it took: then the fee alone is what it costs.
    """
    require(borrower.key != AMM_ID, AmmError.InvalidBorrower, account=borrower)
    require_pair(pool, vault_a, vault_b)
    books.require_payable(pool, (a_out, b_out))
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault_a, destination_a, authority, seeds, a_out)
    move_out(ctx, vault_b, destination_b, authority, seeds, b_out)
    metas = tuple(AccountMeta(each.key, each.is_signer, each.is_writable) for each in accounts)
    ctx.invoke(Instruction(borrower.key, metas, data))
    a_in = max(0, vault_a.amount - (pool.reserve_a - a_out))
    b_in = max(0, vault_b.amount - (pool.reserve_b - b_out))
    books.swap(pool, (a_in, b_in), (a_out, b_out), ctx.clock.unix_timestamp)
    ctx.emit(Swapped(pool=pool.key, a_in=a_in, b_in=b_in, a_out=a_out, b_out=b_out))
