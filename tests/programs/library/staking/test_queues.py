"""Queues of a stake pool: deposits that wait, are settled together, and taken out."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sealane import Account, Instruction, Pubkey
from sealane.programs import Layout
from sealane.programs.library.staking import Queue, Round, StakePool, StakingError, Ticket, staking
from sealane.programs.library.token import AccountState, TokenAccount, token
from sealane.testing import BatchRow, assert_batch_matches_scalar

from .lake import AUTHORITY, PEOPLE, STARTING, Lake


def opened(lake: Lake) -> None:
    """A queue, two rounds to be settled, tickets of ann's and ben's."""
    lake.allot("queue", Queue.layout_size)
    lake.vm.send(staking.open_queue(queue="queue", pool="pool"))
    for number in range(2):
        lake.allot(f"round{number}", Round.layout_size)
    for name in PEOPLE:
        lake.allot(f"{name}_ticket", Ticket.layout_size)
        lake.vm.send(staking.open_ticket(ticket=f"{name}_ticket", queue="queue", holder=name))
    data = TokenAccount(mint="mint", owner=AUTHORITY, state=AccountState.Initialized)
    lake.vm.set_account("vault", owner="token", data=data)


def put_in(who: str, lamports: int, ticket: str | None = None) -> Instruction:
    return staking.queue_deposit(
        queue="queue", ticket=ticket or f"{who}_ticket", holder=who, lamports=lamports
    )


def settle(number: int) -> Instruction:
    return staking.settle_queue(
        pool="pool",
        queue="queue",
        settled=f"round{number}",
        reserve="reserve",
        mint="mint",
        authority=AUTHORITY,
        vault="vault",
        fee_account="manager_tokens",
    )


def redeem(who: str, number: int, vault: str = "vault") -> Instruction:
    return staking.redeem_ticket(
        pool="pool",
        queue="queue",
        settled=f"round{number}",
        ticket=f"{who}_ticket",
        authority=AUTHORITY,
        vault=vault,
        pool_tokens=f"{who}_tokens",
        holder=who,
    )


def test_a_round_is_shared_by_what_was_put_in(lake: Lake) -> None:
    opened(lake)
    vm = lake.vm
    vm.send(put_in("ann", 3_000), put_in("ben", 1_000))
    vm.send(put_in("ann", 3_000))
    vm.send(settle(0), redeem("ann", 0), redeem("ben", 0))
    # 1 % of 7,000 pool tokens is the manager's.
    assert [lake.tokens(who) for who in ("ann", "ben", "manager")] == [5_940, 990, 70]
    assert lake.pool().total_lamports == lake.supply() == 7_000
    assert lake.lamports("ann") == STARTING - 6_000
    vm.send(put_in("ben", 500), settle(1), redeem("ben", 1))
    assert lake.tokens("ben") == 990 + 495


def test_refusals(lake: Lake) -> None:
    opened(lake)
    vm = lake.vm
    with vm.fails(StakingError.DepositTooSmall):
        vm.send(settle(0))
    with vm.fails(StakingError.ZeroStake):
        vm.send(put_in("ann", 0))
    with vm.fails(StakingError.NotHolder):
        vm.send(put_in("ann", 5, ticket="ben_ticket"))
    vm.send(put_in("ann", 1_000), settle(0))
    with vm.fails(StakingError.TicketDue):
        vm.send(put_in("ann", 5))
    with vm.fails(StakingError.InvalidVault):
        vm.send(redeem("ann", 0, vault="manager_tokens"))
    with vm.fails(StakingError.NothingOwed):
        vm.send(redeem("ann", 0), redeem("ann", 0))
    vm.send(put_in("ben", 1_000), settle(1))
    with vm.fails(StakingError.NothingOwed):
        vm.send(redeem("ben", 0))


@st.composite
def rows(draw: st.DrawFn, number: int) -> BatchRow:
    queue, ann = f"queue {number}", f"ann {number}"
    ticket = Ticket(
        queue=draw(st.sampled_from([queue, queue, queue, "another"])),
        holder=draw(st.sampled_from([ann, ann, ann, "ben"])),
        round=draw(st.sampled_from([4, 4, 3])),
        deposited=draw(st.sampled_from([0, 7])),
    )
    state = Queue(pool="pool", round=4, incoming=5)
    accounts: dict[str, Any] = {
        "queue": (queue, Account(10_000_000, staking.id, state.encode())),
        "ticket": (f"ticket {number}", Account(10_000_000, staking.id, ticket.encode())),
        "holder": (ann, Account(20_000_000)),
    }
    return BatchRow(accounts, {"lamports": draw(st.sampled_from([0, 1, 900, 2**40]))})


def test_deposits_by_column() -> None:
    seen = assert_batch_matches_scalar(staking.queue_deposit, rows=rows)
    assert seen.vectorized > 0
    assert {"TicketDue", "NotHolder", "ZeroStake", "WrongPool"} <= set(seen.failures)


@st.composite
def redemptions(draw: st.DrawFn, number: int) -> BatchRow:
    pool, queue, ann = f"pool {number}", f"queue {number}", f"ann {number}"
    authority, bump = Pubkey.find_program_address([b"stake pool", Pubkey.of(pool)], staking.id)
    ticket = Ticket(
        queue=queue,
        holder=draw(st.sampled_from([ann, ann, ann, "ben"])),
        round=draw(st.sampled_from([4, 4, 4, 3])),
        deposited=draw(st.sampled_from([0, 7, 50])),
    )
    layouts: dict[str, Layout] = {
        "pool": StakePool(mint="mint", authority=authority, bump=bump),
        "queue": Queue(pool=pool, round=5),
        "settled": Round(queue=queue, number=4, deposited=60, tokens=59),
        "ticket": ticket,
    }
    accounts: dict[str, Any] = {
        name: (f"{name} {number}", Account(10_000_000, staking.id, layout.encode()))
        for name, layout in layouts.items()
    }
    for name, owner in (("vault", authority), ("pool_tokens", ann)):
        held = TokenAccount(
            mint="mint", token_owner=owner, amount=30, state=AccountState.Initialized
        )
        accounts[name] = (f"{name} {number}", Account(2_039_280, token.id, held.encode()))
    accounts |= {"authority": (authority, Account(0)), "holder": (ann, Account(1))}
    return BatchRow(accounts, {})


def test_redemptions_by_column() -> None:
    seen = assert_batch_matches_scalar(staking.redeem_ticket, rows=redemptions)
    assert seen.vectorized > 0
    assert {"NothingOwed", "NotHolder", "InsufficientFunds"} <= set(seen.failures)
