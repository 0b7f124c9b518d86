"""Accounts that are placed outside any block: checked on every way in, and placed all or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from sealane import Account, Pubkey, Runtime, UsageError
from sealane.programs.kit import ACCOUNT_DATA_LEN_MAX
from sealane.runtime import Store
from sealane.runtime.state.placed_accounts import PlacedAccounts
from sealane.runtime.state.state import MemoryState

ALICE, BOB = Pubkey.of("alice"), Pubkey.of("bob")

NOT_STORABLE: dict[str, tuple[Any, Any, str]] = {
    "a name for a key": ("alice", Account(1), "'alice': .* give accounts as Pubkey and Account"),
    "no account": (ALICE, (1, ALICE, b"", False), "give accounts as Pubkey and Account"),
    "a float": (ALICE, Account(cast(int, 1.0)), r"lamports of .*: 1.0 is no integer in \[0, 2"),
    "a flag for lamports": (ALICE, Account(True), "True is no integer"),
    "below zero": (ALICE, Account(-1), "-1 is no integer"),
    "too many": (ALICE, Account(2**64), "is no integer in"),
    "executable a number": (ALICE, Account(1, executable=cast(bool, 1)), "neither True nor False"),
    "owner a name": (ALICE, Account(1, cast(Pubkey, "system")), r"write Pubkey.of\(…\)"),
    "data to be changed": (ALICE, Account(1, data=cast(bytes, bytearray(3))), "not bytearray"),
    "too much data": (
        ALICE,
        Account(1, data=bytes(ACCOUNT_DATA_LEN_MAX + 1)),
        f"{ACCOUNT_DATA_LEN_MAX} at most",
    ),
}


@pytest.mark.parametrize("what", NOT_STORABLE)
def test_an_invalid_account_is_refused_and_nothing_is_placed(what: str) -> None:
    key, account, message = NOT_STORABLE[what]
    with Runtime(workers=0) as runtime:
        with pytest.raises(UsageError, match=message):
            runtime.place_accounts({BOB: Account(5), key: account})
        assert runtime.account("bob") == Account()


def test_the_largest_valid_values_are_placed() -> None:
    most = Account(2**64 - 1, ALICE, bytes(ACCOUNT_DATA_LEN_MAX), executable=True)
    with Runtime(workers=0) as runtime:
        runtime.place_accounts({BOB: most})
        assert runtime.account("bob") == most


def test_put_new_keeps_existing_accounts_but_counts_them_as_input() -> None:
    state, placed = MemoryState(), PlacedAccounts()
    state.set(ALICE, Account(1))
    placed.put_new(state, {ALICE: Account(7), BOB: Account(8)})
    assert [state.get(ALICE), state.get(BOB)] == [Account(1), Account(8)]
    assert placed.accounts == {ALICE: Account(7), BOB: Account(8)}
    placed.put(state, {ALICE: Account(9)})
    assert state.get(ALICE) == Account(9)
    assert placed.accounts == {ALICE: Account(9), BOB: Account(8)}
    placed.committed()
    assert placed.accounts == {}


def test_discarding_leaves_a_store_unchanged(tmp_path: Path) -> None:
    with Store(tmp_path / "state") as store:
        placed = PlacedAccounts()
        placed.put(store, {ALICE: Account(1)})
        placed.discard(store)
        assert store.get(ALICE) is None
        assert placed.accounts == {}
