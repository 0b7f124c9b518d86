"""Fields of layouts over accounts: tails and their padding, data cut short, bytes that misfit."""

from __future__ import annotations

from sealane import Pubkey
from sealane.programs import (
    Layout,
    Mut,
    u8,
    u64,
)

from ..conftest import Probe


class Pair(Layout):
    low: u8
    count: u64


class Text(Layout):
    count: u8
    text: str


class Flag(Layout):
    flag: bool


class Two(Layout):
    first: str
    second: str


class WithKey(Layout):
    who: Pubkey


def test_a_tail_grows_the_account_only_when_its_padding_is_used_up(probe: Probe) -> None:
    def handler(mine: Mut[Text]) -> None:
        mine.text = "four"
        mine.count = mine.data_len
        mine.text = "fourteen chars"

    outcome = probe(handler, data={"mine": Text(text="").encode() + bytes(6)})
    assert outcome.receipt.ok, outcome.receipt
    assert outcome.accounts["mine"].data == Text(count=11, text="fourteen chars").encode()


def test_a_tail_in_the_middle_uses_padding_too(probe: Probe) -> None:
    def handler(mine: Mut[Two]) -> None:
        mine.first = "abc"

    outcome = probe(handler, data={"mine": Two(second="z").encode() + bytes(10)})
    assert outcome.accounts["mine"].data == Two(first="abc", second="z").encode() + bytes(7)


def test_fields_of_data_that_was_cut(probe: Probe) -> None:
    def read(mine: Mut[Pair]) -> None:
        mine.resize(3)
        assert mine.count

    def write(mine: Mut[Pair]) -> None:
        mine.resize(3)
        mine.count = 1

    def write_key(mine: Mut[WithKey]) -> None:
        mine.resize(0)
        mine.who = Pubkey.of("alice")

    for handler in (read, write, write_key):
        data = WithKey() if handler is write_key else Pair()
        assert probe(handler, data={"mine": data}).error.name == "AccountDataTooSmall"


def test_bytes_that_a_field_cannot_hold_are_bad_account_data(probe: Probe) -> None:
    def handler(mine: Flag) -> None:
        assert mine.flag

    assert probe(handler, data={"mine": b"\2"}).error.name == "InvalidAccountData"
