"""Instruction data and token balances, in the spellings of nodes and of other encoders."""

from __future__ import annotations

from base64 import b64encode

import base58
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.ingest.solana.instruction_data import Parsed, decoded, read_data, unit_price
from sealane.ingest.solana.token_accounts import TokenAccount, read_token_accounts

MINT, HOLDER, TOKEN = "Mint", "Holder", "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"


@given(st.binary(max_size=40))
def test_every_spelling_of_data_gives_the_bytes(raw: bytes) -> None:
    as_base64: dict[str, object] = {"data": b64encode(raw).decode(), "accounts": ""}
    spellings: list[dict[str, object]] = [
        {"data": base58.b58encode(raw).decode(), "accounts": []},
        as_base64,
        {"data": list(raw)},
        {"data": {str(place): byte for place, byte in enumerate(raw)}},
        {"data": {"type": "Buffer", "data": list(raw)}},
    ]
    assert [decoded(read_data(each)) for each in spellings] == [raw] * len(spellings)


@pytest.mark.parametrize(
    "instruction",
    [
        {},
        {"data": "0OIl"},
        {"data": "1" * 6_000},
        {"data": "A", "accounts": "AQ=="},
        {"data": [256]},
        {"data": ["x"]},
        {"data": 7},
        {"parsed": 7},
        {"parsed": {"type": 7}},
        {"parsed": {"type": "transfer"}},
    ],
)
def test_data_of_no_known_spelling_is_unknown(instruction: dict[str, object]) -> None:
    assert decoded(read_data(instruction)) is None
    assert unit_price(read_data(instruction)) is None


def test_what_the_node_decoded() -> None:
    assert read_data({"parsed": {"type": "vote", "info": {}}}) == Parsed("vote")
    assert read_data({"parsed": "a memo"}) == b"a memo"


@pytest.mark.parametrize(
    ("raw", "price"),
    [
        (b"\x03" + (65_000).to_bytes(8, "little"), 65_000),
        (b"\x03" + (2**63).to_bytes(8, "little"), 2**63 - 1),
        (b"\x03" + bytes(7), None),
        (b"\x02" + bytes(8), None),
        (b"", None),
    ],
)
def test_the_price_of_a_compute_unit(raw: bytes, price: int | None) -> None:
    assert unit_price(raw) == price
    assert unit_price(base58.b58encode(raw).decode()) == price


def test_token_balances_say_whose_an_account_is() -> None:
    entry = {"accountIndex": 2, "mint": MINT, "owner": HOLDER, "programId": TOKEN}
    meta: dict[str, object] = {
        "preTokenBalances": [entry, {"mint": MINT, "owner": ""}],
        "postTokenBalances": [entry | {"owner": "Other"}],
    }
    assert read_token_accounts(meta) == [
        TokenAccount(2, MINT, "Other", TOKEN),
        TokenAccount(2, MINT, HOLDER, TOKEN),
        TokenAccount(0, MINT, None, None),
    ]


@pytest.mark.parametrize(
    "balances",
    [None, {}, [None], [{}], [{"accountIndex": "2", "mint": MINT}], [{"mint": "x" * 45}], [7]],
)
def test_token_balances_that_say_nothing(balances: object) -> None:
    assert read_token_accounts({"postTokenBalances": balances}) == []
