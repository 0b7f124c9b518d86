"""What loaded blocks tell about their transactions and accounts."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

from sealane.ingest.loaded_block import load
from sealane.primitives import Pubkey, UsageError
from sealane.scheduler.schedule.about import About

from ...real_data import ENCODINGS, INDEPENDENT, MAINNET
from ..block_entries import Json, block, in_accounts_form, legacy

FIXTURE = b"""
sealane: 1
accounts:
  alice: {lamports: 9}
  tally: {owner: counter}
  alice_usdc:
    owner: token
    data: {layout: token.Account, mint: usdc, owner: alice, amount: 9, state: initialized}
transactions:
  - id: pay
    priority: 1_000
    instructions:
      - token.transfer: {source: alice_usdc, destination: bob_usdc, authority: alice, amount: 4}
      - system.transfer: {source: alice, destination: bob, lamports: 1}
      - program: counter
        accounts: [{key: tally, writable: true}]
        data: "hex:00010203040506070809"
      - system.transfer: {source: alice, destination: bob, lamports: 2}
  - {id: only, writes: [bob]}
"""
VOTE_PROGRAM = "Vote111111111111111111111111111111111111111"


def about_block(*entries: Json) -> About:
    return load(json.dumps(block(*entries)).encode()).schedule().about


def of_account(about: About, name: str) -> str:
    return about.belongs_to(list(about.accounts.names).index(name))


def test_a_fixture_tells_programs_calls_priorities_and_owners() -> None:
    about = load(FIXTURE).schedule().about
    assert about.programs == [("token", "system", "counter"), ()]
    assert about.calls == [
        ("token.transfer", "system.transfer", "counter:0001020304050607", "system.transfer"),
        (),
    ]
    assert about.priorities.tolist() == [1_000, 0]
    assert about.payers.tolist() == [list(about.accounts.names).index("alice"), -1]
    assert about.is_vote.tolist() == [False, False]
    assert about.failed is None
    assert of_account(about, "alice_usdc") == "token account of usdc, owner alice"
    assert of_account(about, "tally") == "owned by counter"
    assert of_account(about, "alice") == "pays for 1 transaction"
    assert of_account(about, "bob_usdc") == "used by counter", "token tells less"


def test_a_generated_fixture_tells_its_calls() -> None:
    about = load(b"{sealane: 1, generate: {n: 3, accounts: 9}}").schedule().about
    assert about.calls == [("system.transfer",)] * 3
    assert about.priorities.tolist() == [0, 0, 0]


def of_encodings() -> list[About]:
    return [load(path).schedule().about for path in ENCODINGS]


def test_all_encodings_of_a_block_tell_the_same() -> None:
    first, parsed, wire = of_encodings()
    for other in (parsed, wire):
        assert other.programs == first.programs
        for name in ("payers", "priorities", "is_vote", "failed"):
            np.testing.assert_equal(getattr(other, name), getattr(first, name), err_msg=name)
        accounts = range(len(first.accounts.names))
        assert [*map(other.belongs_to, accounts)] == [*map(first.belongs_to, accounts)]
    assert wire.calls == first.calls
    its_name = {f"{VOTE_PROGRAM}:02000000": f"{VOTE_PROGRAM}:vote"}
    assert parsed.calls == [
        tuple(its_name.get(name, name) for name in calls) for calls in wire.calls
    ], "what the node decoded has the node's name for it"


def test_a_mainnet_block() -> None:
    about = load(MAINNET).schedule().about
    assert int(about.is_vote.sum()) == 158
    assert about.failed is not None
    assert int(about.failed.sum()) == 305
    assert int((about.priorities > 0).sum()) == 409
    assert sum("token.close_account" in calls for calls in about.calls) == 40
    users = [about.belongs_to(account) for account in range(len(about.accounts.names))]
    assert sum(text.startswith("token account of wrapped SOL") for text in users) > 100
    assert sum(text == "used by Raydium AMM v4" for text in users) > 100


def test_it_survives_what_ifs_and_pickling() -> None:
    loaded = load(INDEPENDENT)
    votes = loaded.about.is_vote
    about = loaded.schedule().without("votes").about
    calls = loaded.about.calls
    assert about.calls == [calls[position] for position in np.flatnonzero(~votes).tolist()]
    assert about.payers.tolist() == loaded.about.payers[~votes].tolist()
    assert not about.is_vote.any()
    again: About = pickle.loads(pickle.dumps(about))
    assert again.calls == about.calls
    assert [*map(again.belongs_to, range(20))] == [*map(loaded.about.belongs_to, range(20))]


def test_a_block_without_instructions_or_outcomes_says_less() -> None:
    about = about_block(in_accounts_form(legacy()))
    assert about.calls == [()]
    assert about.payers.tolist() == [0]
    without_meta = about_block(legacy(meta=None))
    assert without_meta.failed is None
    assert about_block(legacy()).failed is not None


WRAPPED_SOL = "So11111111111111111111111111111111111111112"


def test_given_labels_override_the_known_ones() -> None:
    known = load(MAINNET).about
    assert known.label(WRAPPED_SOL) == "wrapped SOL"
    given = load(MAINNET, labels={WRAPPED_SOL: "SOL", VOTE_PROGRAM: "votes", "nobody": "x"}).about
    assert given.label(WRAPPED_SOL) == "SOL"
    assert given.labelled(["a", VOTE_PROGRAM, WRAPPED_SOL]) == {
        VOTE_PROGRAM: "votes",
        WRAPPED_SOL: "SOL",
    }


def test_an_account_is_labelled_by_name_and_by_key() -> None:
    key = str(Pubkey.of("alice"))
    assert load(FIXTURE, labels={key: "Alice"}).about.label("alice") == "Alice"
    assert load(FIXTURE, labels={"alice": "Alice"}).about.label("alice") == "Alice"
    recorded = load(MAINNET, labels={"token": "SPL Token"}).about
    assert recorded.label("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA") == "SPL Token"


def test_a_program_is_found_by_its_label() -> None:
    schedule = load(MAINNET, labels={VOTE_PROGRAM: "the votes"}).schedule()
    assert len(schedule.without("program:the votes")) == len(schedule.without("votes"))
    assert len(schedule.without("program:Jupiter v6")) < len(schedule)
    with pytest.raises(UsageError, match="no transaction of this block calls that program"):
        schedule.without("program:Jupiter v7")
