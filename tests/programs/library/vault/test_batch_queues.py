"""Requests and claims of a whole wave end as one by one, also those that fail."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs.library.authorities import found_authority
from sealane.programs.library.units import WAD
from sealane.programs.library.vault import (
    Intake,
    Lock,
    RewardPool,
    Teller,
    Ticket,
    vault,
)
from sealane.testing import BatchRow, assert_batch_matches_scalar

from .batch_accounts import held, tokens

EXAMPLES = 20
AMOUNTS = st.sampled_from([1, 7, 50, 0, 90])


@st.composite
def tickets(draw: st.DrawFn, number: int, settled: bool) -> BatchRow:
    name, ann = f"intake {number}", f"ann {number}"
    authority, bump = found_authority(Pubkey.of(name), vault.id)
    of = st.sampled_from([name, name, name, "elsewhere"])
    teller, parts = f"teller {number}", (f"inbox {number}", f"payout {number}")
    intake = Intake(
        vault="savings",
        authority=authority,
        bump=bump,
        settled=draw(st.sampled_from([settled] * 5 + [False])),
        closes_at=0 if settled else 2**40,
        requested=1_000,
        paid=draw(st.sampled_from([0, 333, 2**60])),
    )
    ticket = Ticket(
        owner_key=draw(st.sampled_from([ann, ann, ann, "ben"])),
        teller=draw(st.sampled_from([teller, teller, "other"])),
        amount=draw(st.sampled_from([0, 7, 500])),
    )
    desk = Teller(intake=draw(of), inbox=parts[0], payout=parts[1], requested=2**63)
    accounts: dict[str, Any] = {
        "intake": (name, held(intake)),
        "teller": (teller, held(desk)),
        "ticket": (f"ticket {number}", held(ticket)),
        "owner": (ann, Account(1)),
    }
    if settled:
        accounts["authority"] = (str(authority), Account())
        accounts["payout"] = (parts[1], tokens("shares", authority, 2**61))
        accounts["destination"] = (f"mine {number}", tokens("shares", ann, 1))
        return BatchRow(accounts, {})
    accounts["inbox"] = (parts[0], tokens("usd", authority, 5))
    accounts["source"] = (f"mine {number}", tokens("usd", ann, 60))
    return BatchRow(accounts, {"amount": draw(AMOUNTS)})


def test_requests() -> None:
    seen = assert_batch_matches_scalar(
        vault.request, rows=lambda number: tickets(number, settled=False), examples=EXAMPLES
    )
    assert seen.succeeded >= seen.vectorized > seen.succeeded // 2 > 0
    assert {"WrongVault", "NotOwner"} <= set(seen.failures)


def test_claims() -> None:
    seen = assert_batch_matches_scalar(
        vault.claim, rows=lambda number: tickets(number, settled=True), examples=EXAMPLES
    )
    assert seen.succeeded >= seen.vectorized > 0
    assert {"WrongVault", "NotOwner"} <= set(seen.failures)


@st.composite
def locks(draw: st.DrawFn, number: int) -> BatchRow:
    name, ann = f"pool {number}", f"ann {number}"
    authority, bump = found_authority(Pubkey.of(name), vault.id)
    of = st.sampled_from([name, name, name, "elsewhere"])
    pool = RewardPool(
        vault="savings",
        share_mint="shares",
        reward_mint="gems",
        sums=f"sums {number}",
        authority=authority,
        bump=bump,
        time_min_s=10,
        time_max_s=1_000,
        boost_bps=20_000,
        index=draw(st.sampled_from([3 * WAD // 7, 5 * WAD, 2**90])),
    )
    lock = Lock(
        pool=draw(of),
        owner_key=draw(st.sampled_from([ann, ann, ann, "ben"])),
        shares=draw(st.sampled_from([0, 9])),
        weight=draw(st.sampled_from([0, 11])),
        until=draw(st.sampled_from([0, 0, 2**40])),
        index=draw(st.sampled_from([0, WAD // 7])),
        owed=draw(st.sampled_from([0, 4])),
    )
    accounts: dict[str, Any] = {
        "pool": (name, held(pool)),
        "lock": (f"lock {number}", held(lock)),
        "owner": (ann, Account(1)),
    }
    accounts["authority"] = (str(authority), Account())
    accounts["reward_vault"] = (f"gems {number}", tokens("gems", authority, 2**63))
    accounts["destination"] = (f"mine {number}", tokens("gems", ann, 1))
    return BatchRow(accounts, {})


def test_claims_of_rewards() -> None:
    seen = assert_batch_matches_scalar(vault.claim_rewards, rows=locks, examples=EXAMPLES)
    assert seen.succeeded >= seen.vectorized > seen.succeeded // 2 > 0
    assert {"WrongVault", "NotOwner"} <= set(seen.failures)
