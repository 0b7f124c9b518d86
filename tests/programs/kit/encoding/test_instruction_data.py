"""How a program takes instruction data that does not decode, goes on, or costs compute units."""

from __future__ import annotations

from typing import Annotated

import pytest

import sealane
from sealane import AccountMeta, Instruction, Pubkey, Transaction
from sealane.programs import (
    RENT_ID,
    Context,
    Errors,
    Known,
    Layout,
    Mut,
    Program,
    Rest,
    RestStr,
    Signer,
    UncheckedAccount,
    u8,
    u64,
)


class LedgerError(Errors):
    Unreadable = 7, "the data does not decode"


class Flag(Layout):
    raised: bool


ledger = Program("ledger", errors=LedgerError, layouts=[Flag], invalid_data=LedgerError.Unreadable)
strict = Program("strict", exact_data=True)


@ledger.instruction(tag=0, compute_units=90)
def add(ctx: Context, amount: u64) -> None:
    ctx.consume(10)


@ledger.instruction(tag=1)
def say(ctx: Context, text: RestStr) -> None:
    ctx.log(text)


@ledger.instruction(tag=2)
def look(flag: Flag) -> None:
    assert flag.raised


@ledger.instruction(tag=3)
def rent(ctx: Context, rent_sysvar: Annotated[UncheckedAccount, Known("rent")]) -> None:
    ctx.set_return_data(rent_sysvar.key)


@ledger.instruction(tag=4)
def both(ctx: Context, accounts: list[Mut[UncheckedAccount]], second: Rest) -> None:
    ctx.run(ledger, second, first=1, count=1)


@ledger.instruction(tag=5)
def sign(ctx: Context, one: Mut[Signer]) -> None:
    one.lamports += 0
    ctx.set_return_data(one.key)


@strict.instruction(tag=0)
def exact(value: u8) -> None:
    assert value == 1


def run(instruction: Instruction, **flags: bytes) -> sealane.Receipt:
    with sealane.Runtime(workers=0, programs=[ledger, strict]) as runtime:
        for name, data in flags.items():
            runtime.set_account(name, owner=ledger, data=data)
        return runtime.execute([Transaction([instruction], payer="payer")]).transactions[0]


def failed(receipt: sealane.Receipt) -> str:
    assert receipt.error is not None
    return receipt.error.name


@pytest.mark.parametrize("data", ["", "63", "00", "0001020304050607", "01ff"])
def test_undecodable_data_fails_with_the_programs_own_error(data: str) -> None:
    assert failed(run(Instruction(ledger.id, (), bytes.fromhex(data)))) == "Unreadable"


def test_text_to_the_end_of_the_data() -> None:
    assert run(ledger.say(text="hé")).logs == ("Program log: hé",)


def test_account_data_that_does_not_decode_has_another_error() -> None:
    assert failed(run(ledger.look(flag="flag"), flag=b"\x02")) == "InvalidAccountData"


def test_compute_units_of_one_instruction() -> None:
    assert run(ledger.add(amount=1)).compute_units == 100


def test_data_may_go_on_unless_it_must_be_exact() -> None:
    assert run(Instruction(ledger.id, (), bytes(9) + b"more")).ok
    assert run(Instruction(strict.id, (), b"\x00\x01")).ok
    assert failed(run(Instruction(strict.id, (), b"\x00\x01\x00"))) == "InvalidInstructionData"


def test_a_known_account_needs_no_naming() -> None:
    assert ledger.rent().accounts == (AccountMeta(RENT_ID),)
    assert ledger.rent(rent_sysvar="other").accounts == (AccountMeta(Pubkey.of("other")),)
    assert ledger.instructions["rent"].from_json({}, Pubkey.of).accounts[0].key == RENT_ID


def test_a_part_of_an_instruction_runs_on_its_share_of_the_accounts() -> None:
    keys = [Pubkey.of("first"), Pubkey.of("second")]
    metas = (AccountMeta(keys[0], signer=True), AccountMeta(keys[1], signer=True, writable=True))
    receipt = run(Instruction(ledger.id, metas, b"\x04\x05"))
    assert receipt.return_data == keys[1]


def test_a_part_has_no_right_that_its_share_lacks() -> None:
    metas = (AccountMeta(Pubkey.of("first"), signer=True), AccountMeta(Pubkey.of("second")))
    assert failed(run(Instruction(ledger.id, metas, b"\x04\x05"))) == "MissingRequiredSignature"
