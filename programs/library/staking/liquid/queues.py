"""Queues of deposits: put in side by side, settled together at one price, and then taken out.

A deposit of its own changes the pool's price and its mint's supply, so that each waits for the one
before. In a queue, it only adds to a sum; one settlement turns that into pool tokens.
"""

from __future__ import annotations

from ....kit import Adds, Context, Mut, Signer, UncheckedAccount, require, select, u64
from ...system import system
from ...token import TokenAccount
from ...token_moves import mint_out, move_out
from ..errors import StakingError
from ..figures.pool_tokens import fee_of, tokens_for_deposit
from ..program import staking
from .exchange import require_mint
from .reserves import require_current, require_reserve, take
from .state import POOL_SEED, Queue, Reserve, Round, StakePool, Ticket


@staking.instruction(tag=34)
def open_queue(queue: Mut[UncheckedAccount], pool: StakePool) -> None:
    """Open a queue of a pool. Anybody may; a pool has as many as it likes."""
    Queue.view(queue).initialize(pool=pool.key)


@staking.instruction(tag=35)
def open_ticket(ticket: Mut[UncheckedAccount], queue: Queue, holder: Signer) -> None:
    """Open a ticket with nothing in it."""
    Ticket.view(ticket).initialize(queue=queue.key, holder=holder.key)


@staking.instruction(tag=36)
def queue_deposit(
    ctx: Context, queue: Adds[Queue], ticket: Mut[Ticket], holder: Mut[Signer], lamports: u64
) -> None:
    """Put lamports into a queue; what an earlier round owes must have been taken out."""
    require(ticket.queue == queue.key, StakingError.WrongPool, account=ticket)
    require(ticket.holder == holder.key, StakingError.NotHolder, account=ticket)
    require(lamports > 0, StakingError.ZeroStake)
    fresh = ticket.deposited == 0
    require(fresh | (ticket.round == queue.round), StakingError.TicketDue, account=ticket)
    ticket.round = select(fresh, queue.round, ticket.round)
    ticket.deposited += lamports
    queue.incoming += lamports
    ctx.invoke(system.transfer(source=holder, destination=queue, lamports=lamports))


@staking.instruction(tag=37)
def settle_queue(
    ctx: Context,
    pool: Mut[StakePool],
    queue: Mut[Queue],
    settled: Mut[UncheckedAccount],
    reserve: Mut[Reserve],
    mint: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    vault: Mut[TokenAccount],
    fee_account: Mut[UncheckedAccount],
) -> None:
    """Deposit all that waits, and note in `settled`, a new round, what it is worth. Anybody may."""
    require_current(ctx, pool)
    require_reserve(pool, reserve)
    require_mint(pool, mint, fee_account)
    require(queue.pool == pool.key, StakingError.WrongPool, account=queue)
    _require_vault(pool, vault)
    lamports = queue.incoming
    minted = tokens_for_deposit(lamports, pool.total_lamports, pool.supply)
    fee = fee_of(minted, pool.deposit_fee)
    require(minted > fee, StakingError.DepositTooSmall)
    Round.view(settled).initialize(
        queue=queue.key, number=queue.round, deposited=lamports, tokens=minted - fee
    )
    queue.incoming = 0
    queue.round += 1
    pool.total_lamports += lamports
    pool.supply += minted
    take(ctx, queue, reserve, lamports)
    seeds = [POOL_SEED, pool.key, pool.bump.to_bytes()]
    mint_out(ctx, mint, vault, authority, seeds, minted - fee)
    mint_out(ctx, mint, fee_account, authority, seeds, fee)


@staking.instruction(tag=38)
def redeem_ticket(
    ctx: Context,
    pool: StakePool,
    queue: Queue,
    settled: Round,
    ticket: Mut[Ticket],
    authority: UncheckedAccount,
    vault: Mut[TokenAccount],
    pool_tokens: Mut[TokenAccount],
    holder: Signer,
) -> None:
    """Take out the pool tokens of a settled ticket, rounded down."""
    require(queue.pool == pool.key, StakingError.WrongPool, account=queue)
    require(settled.queue == queue.key, StakingError.WrongPool, account=settled)
    require(ticket.queue == queue.key, StakingError.WrongPool, account=ticket)
    require(ticket.holder == holder.key, StakingError.NotHolder, account=ticket)
    due = (ticket.deposited > 0) & (ticket.round == settled.number)
    require(due, StakingError.NothingOwed, account=ticket)
    _require_vault(pool, vault)
    tokens = ticket.deposited * settled.tokens // settled.deposited
    ticket.deposited = 0
    seeds = [POOL_SEED, pool.key, pool.bump.to_bytes()]
    move_out(ctx, vault, pool_tokens, authority, seeds, tokens)


def _require_vault(pool: StakePool, vault: TokenAccount) -> None:
    """Require an account of pool tokens that only the pool takes from."""
    fits = (vault.mint == pool.mint) & (vault.token_owner == pool.authority)
    require(fits, StakingError.InvalidVault, account=vault)
