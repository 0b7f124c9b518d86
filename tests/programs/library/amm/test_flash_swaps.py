"""Flash swaps: the pool pays first, and is paid by the program that it calls."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Instruction
from sealane.programs import Context, Mut, Program, Signer, UncheckedAccount, u64
from sealane.programs.library.amm import AMM_ID, AmmError, Swapped, amm
from sealane.programs.library.token import token

from .market import Market, events, held

borrower = Program("borrower")


@borrower.instruction(tag=0)
def repay(
    ctx: Context,
    source: Mut[UncheckedAccount],
    vault: Mut[UncheckedAccount],
    owner: Signer,
    amount: u64,
) -> None:
    """Do nothing with what was borrowed but pay for it."""
    ctx.invoke(token.transfer(source=source, destination=vault, authority=owner, amount=amount))


@borrower.instruction(tag=1)
def swap_back(ctx: Context, accounts: list[Mut[UncheckedAccount]]) -> None:
    """Call the pool while it is out of balance."""
    pool, vault_a, vault_b = accounts
    ctx.invoke(amm.sync(pool=pool, vault_a=vault_a, vault_b=vault_b))


def borrowing(outs: tuple[int, int], call: Instruction, **changes: Any) -> Instruction:
    """A flash swap to ann that calls the borrower like this."""
    values: dict[str, Any] = {
        "pool": "pool",
        "vault_a": "pool_a",
        "vault_b": "pool_b",
        "destination_a": "ann_a",
        "destination_b": "ann_b",
        "borrower": borrower.id,
        "accounts": [meta.key for meta in call.accounts],
        "a_out": outs[0],
        "b_out": outs[1],
        "data": call.data,
    }
    return amm.flash_swap(**values | changes)


def repaying(amount: int, of: str = "a") -> Instruction:
    return repay(source=f"ann_{of}", vault=f"pool_{of}", owner="ann", amount=amount)


@pytest.mark.sealane(programs=[borrower])
class TestFlashSwaps:
    def test_what_is_taken_comes_back_with_the_fee(self, market: Market) -> None:
        market.mint((10**9, 10**9))
        before = held(market.vm, "ann_a")
        done = market.vm.send(borrowing((10**6, 0), repaying(1_003_010)), payer="ann")
        assert held(market.vm, "ann_a") == before - 3_010
        assert market.pool().reserve_a == held(market.vm, "pool_a") == 10**9 + 3_010
        (event,) = events(done, Swapped)
        assert (event.a_in, event.a_out) == (1_003_010, 10**6)

    def test_one_less_is_too_little(self, market: Market) -> None:
        market.mint((10**9, 10**9))
        with market.vm.fails(AmmError.ProductDecreased):
            market.vm.send(borrowing((10**6, 0), repaying(1_003_009)), payer="ann")

    def test_it_may_be_paid_in_the_other_token(self, market: Market) -> None:
        market.mint((10**9, 10**9))
        market.vm.send(borrowing((10**6, 0), repaying(1_004_014, "b")), payer="ann")
        pool = market.pool()
        assert (pool.reserve_a, pool.reserve_b) == (10**9 - 10**6, 10**9 + 1_004_014)

    def test_nothing_paid(self, market: Market) -> None:
        market.mint((10**9, 10**9))
        with market.vm.fails(AmmError.InsufficientInputAmount):
            market.vm.send(borrowing((10**6, 0), repaying(0)), payer="ann")

    def test_nothing_taken(self, market: Market) -> None:
        market.mint((10**9, 10**9))
        with market.vm.fails(AmmError.InsufficientOutputAmount):
            market.vm.send(borrowing((0, 0), repaying(5)), payer="ann")

    def test_nobody_trades_with_a_pool_out_of_balance(self, market: Market) -> None:
        market.mint((10**9, 10**9))
        call = swap_back(accounts=["pool", "pool_a", "pool_b"])
        with market.vm.fails("ReentrancyNotAllowed"):
            market.vm.send(borrowing((10**6, 0), call, accounts=["pool", "pool_a", "pool_b"]))
        sync = amm.sync(pool="pool", vault_a="pool_a", vault_b="pool_b")
        with market.vm.fails(AmmError.InvalidBorrower):
            market.vm.send(borrowing((10**6, 0), sync, borrower=AMM_ID))
