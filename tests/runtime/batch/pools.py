"""A pool of two tokens, whose swaps are two nested transfers, and calls that go wrong."""

from __future__ import annotations

from typing import Annotated

from sealane import Account, Pubkey
from sealane.programs import (
    Adds,
    Context,
    Errors,
    Layout,
    Mut,
    Owner,
    Program,
    Signer,
    UncheckedAccount,
    mul_div,
    rarely,
    require,
    u8,
    u64,
)
from sealane.programs.library.system import system
from sealane.programs.library.token import AccountState, TokenAccount, token
from sealane.runtime.block.limits import INSTRUCTION_TRACE_MAX

Tokens = Annotated[Mut[TokenAccount], Owner("token")]


class Pool(Layout):
    vault_in: Pubkey
    vault_out: Pubkey
    bump: u8
    swaps: u64

    @property
    def is_new(self) -> bool:
        """Whether nothing was swapped yet."""
        return self.swaps == 0

    def seeds(self) -> list[bytes]:
        """The seeds of its authority."""
        return [b"authority", self.key, self.bump.to_bytes()]


class Swapped(Layout):
    pool: Pubkey
    amount: u64


class PoolError(Errors):
    WrongVault = 1, "not a vault of this pool"
    TooLittle = 2, "less than the minimum"


pools = Program("pools", errors=PoolError, layouts=[Pool])


@pools.instruction(tag=0, compute_units=400)
def swap(
    ctx: Context,
    pool: Mut[Pool],
    authority: UncheckedAccount,
    vault_in: Tokens,
    vault_out: Tokens,
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    user: Signer,
    amount: u64,
    minimum: u64,
    units: u64,
) -> None:
    """Give `amount` for what the constant product leaves over."""
    require(pool.vault_in == vault_in.key, PoolError.WrongVault)
    require(pool.vault_out == vault_out.key, PoolError.WrongVault)
    require(pool.is_new == False, PoolError.TooLittle)  # noqa: E712 - `not` has no columns
    if rarely(amount == 0):
        return
    out = mul_div(vault_out.amount, amount, vault_in.amount + amount)
    require(out >= minimum, PoolError.TooLittle)
    ctx.invoke(token.transfer(source=source, destination=vault_in, authority=user, amount=amount))
    pool.swaps += 1
    ctx.consume(units)
    ctx.invoke(
        token.transfer(source=vault_out, destination=destination, authority=authority, amount=out),
        signer_seeds=[pool.seeds()],
    )
    swapped = Swapped(pool=pool.key, amount=out)
    ctx.emit(swapped)
    ctx.set_return_data(swapped.encode() + swapped.amount.to_bytes(8, "little"))


swap.batch(swap.handler)


@pools.instruction(tag=1)
def pay(
    ctx: Context,
    pool: Mut[Pool],
    payer: Mut[Signer],
    guest: Mut[UncheckedAccount],
    lamports: u64,
    early: u64,
) -> None:
    """Pay into the pool and out of it, taking `early` from it before the nested call."""
    pool.lamports -= early
    ctx.set_return_data(b"dropped by the next call")
    ctx.invoke(system.transfer(source=payer.key, destination=pool, lamports=lamports))
    pool.lamports -= lamports
    guest.lamports += lamports + early


pay.batch(pay.handler)


@pools.instruction(tag=2)
def write_through(ctx: Context, pool: Pool, payer: Signer) -> None:
    """Ask for more than it declares: to write the pool."""
    ctx.invoke(pay(pool=pool, payer=payer, guest=pool, lamports=0, early=0))


write_through.batch(write_through.handler)


@pools.instruction(tag=3)
def endless(ctx: Context, pool: Mut[Pool]) -> None:
    """Call itself without end."""
    ctx.invoke(endless(pool=pool))


endless.batch(endless.handler)


@pools.instruction(tag=4)
def often(ctx: Context, pool: Mut[Pool]) -> None:
    """Call once too often."""
    for _ in range(INSTRUCTION_TRACE_MAX):
        ctx.invoke(count(pool=pool))


often.batch(often.handler)


@pools.instruction(tag=5)
def count(pool: Mut[Pool]) -> None:
    """Count."""
    pool.swaps += 1


count.batch(count.handler)


@pools.instruction(tag=6)
def back(ctx: Context, pool: Mut[Pool]) -> None:
    """Call through another program back into this one."""
    ctx.invoke(through(pool=pool))


back.batch(back.handler)


@pools.instruction(tag=7)
def twice(ctx: Context, pool: Mut[Pool], payer: Mut[Signer]) -> None:
    """Give one account for two parameters."""
    ctx.invoke(pay(pool=pool, payer=payer, guest=payer, lamports=5, early=0))


twice.batch(twice.handler)


@pools.instruction(tag=8)
def unknown(ctx: Context, pool: Mut[Pool]) -> None:
    """Call an instruction that has no batch handler."""
    ctx.invoke(slow(pool=pool))
    pool.swaps += 1


unknown.batch(unknown.handler)


@pools.instruction(tag=9)
def slow(pool: Mut[Pool]) -> None:
    """Count, one by one."""
    pool.swaps += 1


@pools.instruction(tag=10)
def tip(ctx: Context, guest: Adds[UncheckedAccount], payer: Mut[Signer], lamports: u64) -> None:
    """Pay into an account that others pay into at the same time."""
    ctx.invoke(system.transfer(source=payer, destination=guest, lamports=lamports))
    guest.lamports += 0


tip.batch(tip.handler)


relay = Program("relay")


@relay.instruction(tag=0)
def through(ctx: Context, pool: Mut[UncheckedAccount]) -> None:
    """Call the pools."""
    ctx.invoke(count(pool=pool))


through.batch(through.handler)


def tokens(mint: str, owner: str | bytes, amount: int = 1_000_000) -> Account:
    """An account with so many tokens."""
    state = TokenAccount(
        mint=mint, token_owner=owner, amount=amount, state=AccountState.Initialized
    )
    return Account(2_039_280, token.id, state.encode())


def a_pool(number: int, *, bump: int = 0) -> Account:
    """The state of a pool; `bump` is added to the right one."""
    found = authority_of(number)[1] + bump
    pool = Pool(vault_in=f"in {number}", vault_out=f"out {number}", bump=found % 256, swaps=3)
    return Account(1_000_000, pools.id, pool.encode())


def authority_of(number: int) -> tuple[Pubkey, int]:
    """The address that signs for a pool, and its bump."""
    return Pubkey.find_program_address([b"authority", Pubkey.of(f"pool {number}")], pools.id)
