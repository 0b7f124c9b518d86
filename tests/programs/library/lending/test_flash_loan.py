"""Flash loans: repaid before they end, or never made."""

from __future__ import annotations

import pytest

from sealane import Instruction
from sealane.programs import Context, Mut, Program, Signer, UncheckedAccount, u64
from sealane.programs.library.lending import LendingError, handing_on, lending
from sealane.programs.library.system import system
from sealane.programs.library.token import TOKEN_ID, AccountState, TokenAccount, token
from sealane.testing import Vm

from .bank import WAD, Bank

arbitrage = Program("arbitrage")


@arbitrage.instruction(tag=0)
def give_back(
    ctx: Context,
    source: Mut[UncheckedAccount],
    vault: Mut[UncheckedAccount],
    owner: Signer,
    amount: u64,
) -> None:
    """Pay so much into the vault."""
    ctx.invoke(token.transfer(source=source, destination=vault, authority=owner, amount=amount))


@arbitrage.instruction(tag=1)
def deposit(
    ctx: Context,
    reserve: UncheckedAccount,
    totals: Mut[UncheckedAccount],
    position: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    vault: Mut[UncheckedAccount],
    owner: Signer,
    amount: u64,
) -> None:
    """Supply the loan, which would pay it back and be a claim as well."""
    ctx.invoke(
        lending.supply(
            reserve=reserve,
            totals=totals,
            position=position,
            source=source,
            vault=vault,
            owner=owner,
            amount=amount,
        )
    )


@arbitrage.instruction(tag=2)
def replace_vault(
    ctx: Context,
    source: Mut[UncheckedAccount],
    vault: Mut[Signer],
    mint: UncheckedAccount,
    owner: Mut[Signer],
    amount: u64,
) -> None:
    """Close the vault, which is empty now, and pay into one of the owner's in its place."""
    ctx.invoke(token.close_account(account=vault, destination=owner, authority=owner))
    size = TokenAccount.layout_size
    ctx.invoke(
        system.create_account(
            source=owner, account=vault, lamports=2_039_280, space=size, owner=TOKEN_ID
        )
    )
    ctx.invoke(token.initialize_account3(account=vault, mint=mint, owner=owner.key))
    ctx.invoke(token.transfer(source=source, destination=vault, authority=owner, amount=amount))


@pytest.fixture
def rich(bank: Bank) -> Bank:
    bank.vm.send(bank.supply("ann", "usd", 50_000))
    return bank


def loan(
    bank: Bank,
    amount: int,
    then: Instruction,
    host: str | None = None,
    vault: str = "usd_vault",
) -> Instruction:
    lent = lending.flash_loan(
        reserve="usd",
        totals="usd_totals",
        vault=vault,
        destination="cat_usd_tokens",
        host=host,
        vault_authority=bank.authority("usd"),
        receiver="arbitrage",
        handed_on=[],
        amount=amount,
        data=b"",
    )
    return handing_on(lent, then)


def repayment(amount: int) -> Instruction:
    return give_back(source="cat_usd_tokens", vault="usd_vault", owner="cat", amount=amount)


@pytest.mark.sealane(programs=[arbitrage])
def test_all_that_is_there_is_lent_for_a_fee(rich: Bank) -> None:
    rich.tokens("host", "usd", owner="hostess")
    rich.vm.send(loan(rich, 50_000, repayment(50_050), host="host"))
    assert rich.amount("cat_usd_tokens") == 100_000 - 50
    assert rich.amount("host") == 10
    totals = rich.totals("usd")
    assert (totals.cash, totals.reserves) == (50_040, 40 * WAD)
    assert rich.amount("usd_vault") == 50_040


@pytest.mark.sealane(programs=[arbitrage])
def test_a_loan_without_its_whole_fee_fails(rich: Bank) -> None:
    with rich.vm.fails(LendingError.FlashLoanNotRepaid):
        rich.vm.send(loan(rich, 50_000, repayment(50_049)))
    with rich.vm.fails(LendingError.AmountIsZero):
        rich.vm.send(loan(rich, 0, repayment(0)))


@pytest.mark.sealane(programs=[arbitrage])
def test_it_cannot_be_repaid_by_supplying_it(rich: Bank) -> None:
    supplied = deposit(
        reserve="usd",
        totals="usd_totals",
        position="cat_usd",
        source="cat_usd_tokens",
        vault="usd_vault",
        owner="cat",
        amount=50_050,
    )
    with rich.vm.fails("ReentrancyNotAllowed"):
        rich.vm.send(loan(rich, 50_000, supplied))


def test_the_program_itself_receives_no_loans(rich: Bank) -> None:
    lent = lending.flash_loan(
        reserve="usd",
        totals="usd_totals",
        vault="usd_vault",
        destination="cat_usd_tokens",
        host=None,
        vault_authority=rich.authority("usd"),
        receiver=lending.id,
        handed_on=[],
        amount=50_000,
        data=b"",
    )
    with rich.vm.fails(LendingError.ReceiverIsLender):
        rich.vm.send(handing_on(lent, rich.supply("cat", "usd", 50_050)))


def test_the_fee_can_be_asked_for(vm: Vm) -> None:
    bank = Bank(vm)
    bank.open_reserve("usd")
    quote = lending.quote_fee(
        reserve="usd", amount=50_000, flash=True, included=False, with_host=True
    )
    data = vm.send(quote).return_data or b""
    assert [int.from_bytes(data[at : at + 16], "little") for at in (0, 16)] == [50, 10]


@pytest.mark.sealane(programs=[arbitrage])
def test_the_vault_that_is_repaid_is_still_the_reserves(rich: Bank) -> None:
    """Cat made it, kept the right to close it, and moved all cash there."""
    held = TokenAccount(
        mint="usd_mint",
        token_owner=rich.authority("usd"),
        state=AccountState.Initialized,
        close_authority="cat",
    )
    rich.vm.set_account("usd_vault_2", lamports=1, owner="token", data=held)
    rich.vm.airdrop("cat", 10**7)
    move = lending.move_cash(
        reserve="usd",
        source_vault="usd_vault",
        target_vault="usd_vault_2",
        vault_authority=rich.authority("usd"),
        amount=50_000,
    )
    steal = replace_vault(
        source="cat_usd_tokens", vault="usd_vault_2", mint="usd_mint", owner="cat", amount=50_050
    )
    with rich.vm.fails(LendingError.WrongVault):
        rich.vm.send(move, loan(rich, 50_000, steal, vault="usd_vault_2"), payer="cat")
