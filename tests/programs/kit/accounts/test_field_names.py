"""Fields whose name in fixtures differs from the one in Python, and what writing None leaves."""

from __future__ import annotations

from typing import Annotated

import pytest

from sealane.primitives import DefinitionError, InputError
from sealane.programs import COption, Layout, Name, Pubkey, u64

ALICE = Pubkey.of("alice")


class Holding(Layout):
    token_owner: Annotated[Pubkey, Name("owner")]
    delegate: COption[Pubkey]
    amount: u64


def test_a_named_field_is_shown_under_its_name() -> None:
    holding = Holding(token_owner=ALICE, amount=3)
    assert list(holding.to_json()) == ["layout", "owner", "delegate", "amount"]


def test_a_named_field_is_read_under_its_name_only() -> None:
    read = Holding.from_json({"owner": "alice", "amount": 3}, Pubkey.of)
    assert read.token_owner == ALICE
    with pytest.raises(InputError, match="no field 'token_owner'"):
        Holding.from_json({"token_owner": "alice"}, Pubkey.of)


def test_python_takes_either_name() -> None:
    assert Holding(owner=ALICE) == Holding(token_owner=ALICE)


def test_two_fields_of_one_name_are_refused() -> None:
    with pytest.raises(DefinitionError, match="'amount'"):

        class Clash(Layout):  # pyright: ignore[reportUnusedClass]
            amount: u64
            total: Annotated[u64, Name("amount")]


def test_writing_none_to_a_coption_clears_the_tag_and_leaves_the_value() -> None:
    holding = Holding(delegate=ALICE)
    holding.delegate = None
    assert holding.delegate is None
    assert holding.encode()[32:68] == bytes(4) + ALICE


def test_a_new_value_has_nothing_behind_an_empty_tag() -> None:
    assert Holding().encode() == bytes(76)
