"""What the tree commits to of an account: 81 bytes, one spelling."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given

from sealane.merkle import AccountContent, exists
from sealane.merkle.account_content import VALUE_LEN, value_of
from sealane.primitives import Account, Pubkey

from .oracle import ACCOUNTS, naive_value


@given(ACCOUNTS)
def test_the_value_is_as_documented(account: Account) -> None:
    content = AccountContent.of(account)
    assert content.value == value_of(account) == naive_value(account)
    assert len(content.value) == VALUE_LEN == 81
    assert AccountContent.read(content.value) == content


def test_the_bytes_of_one_account() -> None:
    account = Account(258, Pubkey(b"\7" * 32), b"data", executable=True)
    expected = bytes.fromhex("0201000000000000" + "01" + "07" * 32 + "0400000000000000")
    assert value_of(account) == expected + sha256(b"data").digest()


@pytest.mark.parametrize("length", [VALUE_LEN - 1, VALUE_LEN + 1])
def test_another_length_is_no_account(length: int) -> None:
    assert AccountContent.read(bytes(length)) is None


def test_a_flag_has_one_spelling() -> None:
    value = bytearray(VALUE_LEN)
    assert AccountContent.read(bytes(value)) is not None
    value[8] = 2
    assert AccountContent.read(bytes(value)) is None


def test_data_is_known_by_length_and_hash() -> None:
    content = AccountContent.of(Account(1, data=b"abc"))
    assert content.has_data(b"abc")
    assert not content.has_data(b"abd")
    assert not content._replace(data_len=4).has_data(b"abc")


def test_only_what_differs_from_nothing_exists() -> None:
    assert not exists(Account())
    assert exists(Account(data=b"\0"))
