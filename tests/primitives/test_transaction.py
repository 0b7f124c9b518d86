"""Transactions as written: who pays, and what can only be planned."""

from __future__ import annotations

from sealane import AccountMeta, Instruction, Pubkey, Transaction

ALICE, BOB, CAROL = (Pubkey.of(name) for name in ("alice", "bob", "carol"))
PROGRAM = Pubkey.of("some_program")


def test_the_first_signer_pays_unless_another_is_named() -> None:
    calls = [
        Instruction(PROGRAM, (AccountMeta(ALICE),)),
        Instruction(PROGRAM, (AccountMeta(BOB, signer=True), AccountMeta(CAROL, signer=True))),
    ]
    assert Transaction(calls).payer == BOB
    assert Transaction(calls, payer="carol").payer == CAROL
    assert Transaction(calls[:1]).payer is None


def test_a_transaction_of_locks_alone_can_only_be_planned() -> None:
    assert Transaction(writes=["alice"]).plan_only
    assert Transaction(reads=["alice"], payer="bob").plan_only
    assert not Transaction([Instruction(PROGRAM, ())], writes=["alice"]).plan_only
    assert not Transaction(payer="alice").plan_only


def test_the_program_that_built_an_instruction_is_no_part_of_it() -> None:
    plain = Instruction(PROGRAM, (AccountMeta(ALICE),), b"\x01")
    assert Instruction(PROGRAM, (AccountMeta(ALICE),), b"\x01", program=object()) == plain
