"""What a call may leave out: accounts that follow from others, and options that are None."""

from __future__ import annotations

from typing import Annotated

import pytest

from sealane import Pubkey, UsageError
from sealane.programs import Known, Option, Program, Seeds, UncheckedAccount, u8, u64

vaults = Program("vaults")


@vaults.instruction(tag=0)
def move(
    inner: Annotated[UncheckedAccount, Seeds("outer", "mint")],
    outer: Annotated[UncheckedAccount, Seeds("wallet", "mint")],
    wallet: UncheckedAccount,
    mint: Annotated[UncheckedAccount, Known("usdc")],
    amount: Option[u64],
    kind: u8,
) -> None:
    """Inner follows from outer, which follows from wallet and a known mint."""


def derived(*seeds: bytes) -> Pubkey:
    return Pubkey.find_program_address(seeds, vaults.id)[0]


def test_an_account_may_follow_from_one_that_follows() -> None:
    alice, usdc = Pubkey.of("alice"), Pubkey.of("usdc")
    outer = derived(alice, usdc)
    call = vaults.move(wallet="alice", kind=0)
    assert [m.key for m in call.accounts] == [derived(outer, usdc), outer, alice, usdc]


def test_an_account_that_is_named_is_taken_as_it_is() -> None:
    other = Pubkey.of("other")
    call = vaults.move(wallet="alice", outer="other", mint="eurc", kind=0)
    assert call.accounts[0].key == derived(other, Pubkey.of("eurc"))


def test_an_option_that_is_left_out_is_none_and_lies_in_the_data() -> None:
    assert vaults.move(wallet="alice", kind=7).data == b"\x00\x00\x07"
    assert vaults.move(wallet="alice", kind=7, amount=1).data[:3] == b"\x00\x01\x01"


def test_what_does_not_follow_must_be_named() -> None:
    with pytest.raises(UsageError, match="needs the account 'wallet'"):
        vaults.move(kind=0)
    with pytest.raises(UsageError, match="needs the argument 'kind'"):
        vaults.move(wallet="alice")
