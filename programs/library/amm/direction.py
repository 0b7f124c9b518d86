"""Which way a swap goes: a for b, or b for a. For single values and for columns."""

from __future__ import annotations

from ...kit import Context, Pubkey, UncheckedAccount, require, select
from .errors import AmmError
from .events import Swapped
from .vaults import Pair


def is_a_to_b(pool: Pair, vault_in: UncheckedAccount, vault_out: UncheckedAccount) -> bool:
    """Whether these vaults are the pool's a and b; fails unless they are that, or b and a."""
    a_to_b = vault_in.key == pool.vault_a
    require(a_to_b | (vault_in.key == pool.vault_b), AmmError.WrongAccount, account=vault_in)
    other = select(a_to_b, pool.vault_b, pool.vault_a)
    require(vault_out.key == other, AmmError.WrongAccount, account=vault_out)
    return a_to_b


def ordered(a_to_b: bool, a: int, b: int) -> tuple[int, int]:
    """Of amounts of a and b, that of the token paid in and that of the token paid out.

    The same function leads back: from paid in and paid out to a and b.

    >>> ordered(False, 3, 5)
    (5, 3)
    """
    return select(a_to_b, a, b), select(a_to_b, b, a)


def emit_swap(ctx: Context, pool: Pubkey, a_to_b: bool, paid_in: int, paid_out: int) -> None:
    """Emit the event of a swap one way."""
    a_in, b_in = ordered(a_to_b, paid_in, 0)
    b_out, a_out = ordered(a_to_b, paid_out, 0)
    ctx.emit(Swapped(pool=pool, a_in=a_in, b_in=b_in, a_out=a_out, b_out=b_out))
