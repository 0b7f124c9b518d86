"""Keys, instructions and transactions of solders are taken as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from solders.hash import Hash
from solders.instruction import AccountMeta as SoldersMeta
from solders.instruction import CompiledInstruction
from solders.instruction import Instruction as SoldersInstruction
from solders.keypair import Keypair
from solders.message import Message, MessageAddressTableLookup, MessageHeader, MessageV0
from solders.pubkey import Pubkey as SoldersPubkey
from solders.system_program import ID as SYSTEM
from solders.system_program import TransferParams, transfer
from solders.transaction import Transaction as SoldersTransaction
from solders.transaction import VersionedTransaction

import sealane
from sealane import AccountMeta, Instruction, Pubkey, Runtime, Transaction, UsageError
from sealane.programs.library import system, token

ALICE = Keypair.from_seed(bytes([1] * 32))
BOB = Keypair.from_seed(bytes([2] * 32)).pubkey()
CAROL = Keypair.from_seed(bytes([3] * 32)).pubkey()
PAY = transfer(TransferParams(from_pubkey=ALICE.pubkey(), to_pubkey=BOB, lamports=5))


def signed(instructions: Sequence[SoldersInstruction]) -> SoldersTransaction:
    message = Message.new_with_blockhash(list(instructions), ALICE.pubkey(), Hash.default())
    return SoldersTransaction([ALICE], message, Hash.default())


def test_a_key_is_the_same_key() -> None:
    assert Pubkey.of(BOB) == bytes(BOB)
    assert type(Pubkey.of(BOB)) is Pubkey
    assert str(Pubkey.of(BOB)) == str(BOB)


@pytest.mark.parametrize("given", [ALICE, object(), 5, [1] * 32])
def test_what_is_no_key_is_refused_and_no_secret_is_shown(given: Any) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        Pubkey.of(given)
    assert str(ALICE) not in str(caught.value)
    if given is ALICE:
        assert "this Keypair has 64; of a keypair, give its pubkey()" in str(caught.value)


def test_calls_and_runtimes_take_keys() -> None:
    call = system.transfer(source=ALICE.pubkey(), destination=BOB, lamports=5)
    assert call == system.transfer(source=bytes(ALICE.pubkey()), destination=str(BOB), lamports=5)
    made = system.create_account(source=BOB, account=CAROL, lamports=1, space=0, owner=SYSTEM)
    assert made.data[-32:] == bytes(SYSTEM)
    many = token.initialize_multisig2(multisig=BOB, signers=[BOB, CAROL], m=1)
    assert [meta.key for meta in many.accounts] == [bytes(BOB), bytes(BOB), bytes(CAROL)]
    with Runtime(workers=0) as runtime:
        runtime.set_account(ALICE.pubkey(), lamports=100)
        result = runtime.execute([Transaction([call], payer=ALICE.pubkey())])
        assert result.transactions[0].ok
        assert runtime.account(BOB).lamports == 5


def test_a_call_refuses_a_keypair_by_name() -> None:
    with pytest.raises(UsageError, match=r"system.transfer: source: .* give its pubkey\(\)"):
        system.transfer(source=ALICE, destination=BOB, lamports=5)


def test_locks_take_keys() -> None:
    planned = Transaction(writes=[BOB], reads=[CAROL])
    assert planned.writes == (bytes(BOB),)
    assert planned.reads == (bytes(CAROL),)


def test_an_instruction_is_the_one_that_the_library_builds() -> None:
    built = system.transfer(source=ALICE.pubkey(), destination=BOB, lamports=5)
    assert Instruction.from_solders(PAY) == built
    flags = SoldersInstruction(SYSTEM, b"ab", [SoldersMeta(BOB, False, True)])
    assert Instruction.from_solders(flags) == Instruction(
        Pubkey.of("system"), (AccountMeta(Pubkey.of(BOB), False, True),), b"ab"
    )


@pytest.mark.parametrize("version", ["legacy", "legacy message", "versioned", "v0", "unsigned"])
def test_a_transaction_runs_as_it_would_there(version: str) -> None:
    legacy = signed([PAY])
    v0 = MessageV0.try_compile(ALICE.pubkey(), [PAY], [], Hash.default())
    given: Any = {
        "legacy": legacy,
        "legacy message": legacy.message,
        "versioned": VersionedTransaction.from_legacy(legacy),
        "v0": VersionedTransaction(v0, [ALICE]),
        "unsigned": SoldersTransaction.new_unsigned(legacy.message),
    }[version]
    taken = Transaction.from_solders(given)
    assert taken.payer == bytes(ALICE.pubkey())
    built = system.transfer(source=ALICE.pubkey(), destination=BOB, lamports=5)
    assert taken.instructions == (built,)
    named = version not in ("legacy message", "unsigned")
    assert taken.id == (str(given.signatures[0]) if named else None)
    with Runtime(workers=0) as runtime:
        runtime.set_account(ALICE.pubkey(), lamports=100)
        assert runtime.execute([taken]).transactions[0].ok
        assert runtime.account(BOB).lamports == 5


def test_accounts_that_no_instruction_names_are_locked_all_the_same() -> None:
    other = Pubkey.of("other")
    keys = [ALICE.pubkey(), BOB, CAROL, SoldersPubkey(other), SYSTEM]
    call = CompiledInstruction(4, PAY.data, bytes([0, 1]))
    taken = Transaction.from_solders(
        Message.new_with_compiled_instructions(1, 0, 2, keys, Hash.default(), [call])
    )
    assert taken.writes == (bytes(CAROL),)
    assert taken.reads == (other,)
    with Runtime(workers=0) as runtime:
        runtime.set_account(ALICE.pubkey(), lamports=100)
        result = runtime.execute([taken, Transaction([PAY_CAROL], payer=BOB)])
        assert result.transactions[0].ok
        assert len(result.waves) == 2


PAY_CAROL = system.transfer(source=CAROL, destination=CAROL, lamports=0)


def test_lookup_tables_are_refused() -> None:
    message = MessageV0(
        MessageHeader(1, 0, 1),
        [ALICE.pubkey(), SYSTEM],
        Hash.default(),
        [CompiledInstruction(1, PAY.data, bytes([0, 2]))],
        [MessageAddressTableLookup(CAROL, bytes([0]), b"")],
    )
    with pytest.raises(UsageError, match="takes accounts from 1 address lookup table, and their"):
        Transaction.from_solders(VersionedTransaction.populate(message, []))


@pytest.mark.parametrize("given", [5, "tx", None, PAY, Transaction()])
def test_what_solders_did_not_make_is_refused(given: Any) -> None:
    with pytest.raises(UsageError, match=r"Transaction.from_solders takes what solders makes, and"):
        Transaction.from_solders(given)
    if given is not PAY:
        with pytest.raises(UsageError, match=r"Instruction.from_solders takes what solders makes"):
            Instruction.from_solders(given)


def test_places_beyond_the_keys_are_refused() -> None:
    message = Message.new_with_compiled_instructions(
        1, 0, 1, [ALICE.pubkey(), SYSTEM], Hash.default(), [CompiledInstruction(1, b"", b"\x07")]
    )
    with pytest.raises(UsageError, match="list index out of range"):
        Transaction.from_solders(message)


def test_solders_is_imported_by_nothing_of_ours() -> None:
    import subprocess
    import sys

    code = (
        "import sys, sealane; from sealane.programs.library import system;"
        "sealane.Transaction; sealane.Runtime;"
        "assert 'solders' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert sealane.Transaction is Transaction
