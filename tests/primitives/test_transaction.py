"""Transactions as written: who pays, and what can only be planned."""

from __future__ import annotations

import copy
import pickle
from typing import Any, cast

import pytest

from sealane import AccountMeta, Instruction, Pubkey, Transaction
from sealane.primitives import UsageError
from sealane.programs import Program, Signer
from sealane.programs.library.system import system

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


own = Program("pickled")


@own.instruction(tag=0)
def call(by: Signer) -> None:
    del by


class OwnKey(Pubkey):
    """A subclass that says of itself what it equals."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __len__(self) -> int:
        return 5


class OwnBytes(bytes):
    def __bytes__(self) -> bytes:
        return b"something else"


class OwnMeta(AccountMeta):
    @property
    def signer(self) -> bool:  # pyright: ignore[reportIncompatibleVariableOverride] - on purpose
        return True


def test_an_instruction_is_made_of_plain_values() -> None:
    meta = OwnMeta(OwnKey(bytes(ALICE)), False, cast(Any, 1))
    made = Instruction(cast(Any, "system"), cast(Any, [meta]), OwnBytes(b"data"))
    assert type(made.program_id) is type(made.accounts[0].key) is Pubkey
    assert type(made.accounts[0]) is AccountMeta
    assert made.accounts[0].key == ALICE
    assert made.accounts[0].key != Pubkey.of("bob")
    assert (made.program_id, made.data) == (Pubkey.of("system"), b"data")
    assert made.accounts[0].writable is True
    assert type(Instruction(ALICE, (), cast(Any, bytearray(b"x"))).data) is bytes
    assert type(Transaction(payer=OwnKey(bytes(ALICE))).payer) is Pubkey


MISTAKES: dict[str, tuple[Any, str]] = {
    "payer of one byte": (lambda: Transaction(payer=b"x"), "payer: a key has 32 bytes, this has 1"),
    "payer a number": (lambda: Transaction(payer=cast(Any, 5)), "payer: .*not int"),
    "writes a name": (lambda: Transaction(writes="alice"), "writes must be a list of accounts"),
    "reads numbers": (lambda: Transaction(reads=cast(Any, [5])), "reads: .*not int"),
    "one instruction": (
        lambda: Transaction(cast(Any, call(by="ann"))),
        "list of instructions, like .token.transfer.*not Instruction",
    ),
    "instructions None": (lambda: Transaction(cast(Any, None)), "not NoneType"),
    "not called": (
        lambda: Transaction(cast(Any, [call])),
        r"instructions\[0\] .* pickled.call itself: .* pickled.call\(…\)",
    ),
    "a transaction in it": (
        lambda: Transaction(cast(Any, [Transaction()])),
        r"\[0\] .*Transaction",
    ),
    "id a number": (lambda: Transaction(id=cast(Any, 5)), "id must be text, not 5"),
    "id no Unicode": (lambda: Transaction(id="\ud800"), "id '.ud800' is no Unicode text"),
    "metas as tuples": (
        lambda: Instruction(ALICE, cast(Any, (("alice", True, True),))),
        r"accounts\[0\] must be AccountMeta\(key, signer, writable\), not tuple",
    ),
    "one meta": (lambda: Instruction(ALICE, cast(Any, AccountMeta(ALICE))), "list of AccountMeta"),
    "metas None": (
        lambda: Instruction(ALICE, cast(Any, None)),
        "list of AccountMeta, not NoneType",
    ),
    "a short key": (
        lambda: Instruction(ALICE, (AccountMeta(cast(Any, b"abc")),)),
        r"accounts\[0\].key: a key has 32 bytes, this has 3",
    ),
    "data text": (lambda: Instruction(ALICE, (), cast(Any, "abc")), "not str; encode it first"),
    "data a list": (
        lambda: Instruction(ALICE, (), cast(Any, [1, 2])),
        "data must be bytes, not list",
    ),
    "data a number": (lambda: Instruction(ALICE, (), cast(Any, 5)), "data must be bytes, not int"),
    "no program": (lambda: Instruction(cast(Any, None), ()), "program_id: .*not NoneType"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_name_the_argument_and_the_remedy(mistake: str) -> None:
    make, message = MISTAKES[mistake]
    with pytest.raises(UsageError, match=message) as caught:
        make()
    assert "0x" not in str(caught.value)


@pytest.mark.parametrize(
    "instruction", [call(by="ann"), system.transfer(source="a", destination="b", lamports=1)]
)
def test_transactions_are_pickled_and_copied_with_the_programs_that_built_them(
    instruction: Instruction,
) -> None:
    transaction = Transaction([instruction], payer="ann", id="t", fee=5, writes=["x"], reads=["y"])
    for twin in (
        pickle.loads(pickle.dumps(transaction)),
        copy.deepcopy(transaction),
        copy.copy(transaction),
    ):
        assert twin == transaction
        assert twin.instructions[0].program is instruction.program


def test_a_program_that_no_module_has_is_left_out_of_a_pickle() -> None:
    local = Program("local")
    spec = local.instruction(tag=0)(lambda: None)
    twin = pickle.loads(pickle.dumps(spec()))
    assert (twin, twin.program) == (spec(), None)
    assert copy.deepcopy(spec()).program is local
