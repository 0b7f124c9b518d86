"""What a market accepts as its vaults: whoever makes it must keep no power over them."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Pubkey
from sealane.programs.library.orderbook import (
    ORDERBOOK_ID,
    Book,
    Market,
    MarketFees,
    MarketTerms,
    orderbook,
)
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

AUTHORITY = Pubkey.find_program_address([b"authority", Pubkey.of("market")], ORDERBOOK_ID)[0]
ROOM = {"market": Market.layout_size, "book": Book.space(4), "fees": MarketFees.layout_size}


@pytest.mark.parametrize("side", ["base", "quote"])
@pytest.mark.parametrize("power", ["close_authority", "delegate"])
def test_nobody_else_has_power_over_a_vault(vm: Vm, side: str, power: str) -> None:
    """With a right to close an empty vault, its maker could put one of its own in its place."""
    for mint in ("base", "quote"):
        vm.set_account(mint, data=Mint(decimals=0, is_initialized=True), lamports=1)
        powers: dict[str, Any] = {power: "mallory"} if mint == side else {}
        held = TokenAccount(mint=mint, owner=AUTHORITY, state=AccountState.Initialized, **powers)
        vm.set_account(f"{mint}_vault", data=held, lamports=1)
    for name, size in ROOM.items():
        vm.set_account(name, owner="orderbook", data=bytes(size), lamports=1)
    create = orderbook.create_market(
        **{name: name for name in ROOM},
        base_mint="base",
        quote_mint="quote",
        base_vault="base_vault",
        quote_vault="quote_vault",
        events=None,
        terms=MarketTerms(),
    )
    with vm.fails("orderbook.WrongAccount", account=f"{side}_vault"):
        vm.send(create)
