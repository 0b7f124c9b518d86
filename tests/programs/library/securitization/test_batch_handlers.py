"""The batch handlers do what the scalar ones do, and do it for most calls."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import Layout
from sealane.programs.library.securitization import (
    Deal,
    Holding,
    Ledger,
    Receivable,
    Stage,
    Tranche,
    securitization,
)
from sealane.programs.library.securitization.accrual import ONE
from sealane.programs.library.token import AccountState, TokenAccount, token
from sealane.testing import BatchRow, assert_batch_matches_scalar

NOTES = st.sampled_from([0, 1, 5, 6, 7])
INDEXES = st.sampled_from([0, ONE // 3, 5 * ONE, 2**100])


def held(value: Layout) -> Account:
    return Account(10_000_000, securitization.id, value.encode())


@st.composite
def transfers(draw: st.DrawFn, number: int) -> BatchRow:
    tranche, ann = f"tranche {number}", f"ann {number}"
    first, second = (
        Holding(
            tranche=draw(st.sampled_from([tranche, tranche, tranche, "another"])),
            holder=draw(st.sampled_from([ann, ann, ann, "ben"])),
            notes=draw(st.sampled_from([6, 6, 2**64 - 1])),
            paid_index=0,
            owed=draw(st.sampled_from([0, 3])),
        )
        for _ in range(2)
    )
    accounts = {
        "tranche": (tranche, held(Tranche(deal="deal", notes=9, paid_index=draw(INDEXES)))),
        "source": (f"source {number}", held(first)),
        "destination": (f"destination {number}", held(second)),
        "holder": (ann, Account(1)),
    }
    return BatchRow(accounts, {"notes": draw(NOTES)})


def test_transfers() -> None:
    seen = assert_batch_matches_scalar(securitization.transfer_notes, rows=transfers)
    assert seen.vectorized > seen.succeeded // 2 > 0
    assert {"NotEnoughNotes", "NotHolder", "WrongDeal", "InvalidParameter"} <= set(seen.failures)


@st.composite
def collections(draw: st.DrawFn, number: int) -> BatchRow:
    deal, ledger, zoe = f"deal {number}", f"ledger {number}", f"zoe {number}"
    authority = Pubkey.of("authority")
    stage = draw(st.sampled_from([Stage.Active, Stage.Active, Stage.Offered]))
    state = Deal(mint="usd", ledger=ledger, authority=authority, stage=stage)
    owed = Receivable(deal=deal, obligor=zoe, principal=draw(st.sampled_from([0, 9, 50])))
    owner = draw(st.sampled_from([authority, authority, "somebody"]))
    accounts: dict[str, Any] = {
        "deal": (deal, held(state)),
        "ledger": (ledger, held(Ledger(deal=deal, interest=2**63 - 1))),
        "receivable": (f"loan {number}", held(owed)),
        "source": (f"source {number}", tokens(zoe, 20)),
        "vault": (f"vault {number}", tokens(owner, 7)),
        "payer": (zoe, Account(1)),
    }
    amounts = st.sampled_from([0, 3, 9, 30])
    return BatchRow(accounts, {"interest": draw(amounts), "principal": draw(amounts)})


def tokens(owner: str | Pubkey, amount: int) -> Account:
    state = TokenAccount(
        mint="usd", token_owner=owner, amount=amount, state=AccountState.Initialized
    )
    return Account(2_039_280, token.id, state.encode())


def test_collections() -> None:
    seen = assert_batch_matches_scalar(securitization.collect, rows=collections)
    assert seen.vectorized > 0
    assert {"TooMuch", "WrongStage", "WrongVault", "InsufficientFunds"} <= set(seen.failures)
