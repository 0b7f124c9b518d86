"""Building calls, and running raw ones: what a handler is given, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sealane import AccountMeta, Failure, Instruction, Pubkey, Receipt, Runtime, Transaction
from sealane.primitives import InputError, UsageError
from sealane.programs import (
    Arg,
    Context,
    Layout,
    Mut,
    Option,
    Program,
    ProgramAccount,
    Signer,
    UncheckedAccount,
    u8,
    u64,
)
from sealane.programs.library.associated_token import associated_token
from sealane.programs.library.system import system
from sealane.programs.library.token import token

ALICE, BOB, CAROL = (Pubkey.of(name) for name in ("alice", "bob", "carol"))


class Point(Layout):
    x: u8
    y: u8


seen: list[Any] = []
calls = Program("calls")


@calls.instruction(tag=1)
def accounts(
    ctx: Context, first: Mut[Signer], middle: Signer | None, last: UncheckedAccount
) -> None:
    seen.append([None if view is None else view.key for view in (first, middle, last)])


@calls.instruction(tag=2)
def rest(first: Signer, more: list[Mut[UncheckedAccount]]) -> None:
    seen.append([first.key, [(view.key, view.is_writable) for view in more]])


@calls.instruction(tag=3)
def arguments(
    who: Pubkey, amount: u64, point: Arg[Point], note: Option[str], extra: u8 = 7
) -> None:
    seen.append([who, amount, point, note, extra])


@calls.instruction(tag=4)
def program_account(target: ProgramAccount) -> None:
    seen.append(target.key)


@calls.instruction(tag=b"\x05long tag")
def long_tag(by: u8) -> None:
    seen.append(by)


@calls.instruction(tag=6)
def trailing(first: Signer, second: UncheckedAccount | None, third: Signer | None) -> None:
    seen.append([view is None for view in (first, second, third)])


@pytest.fixture(autouse=True)
def nothing_seen() -> None:  # pyright: ignore[reportUnusedFunction]
    seen.clear()


def resolve(name: str) -> Pubkey:
    return Pubkey.of(name)


def run(*instructions: Instruction) -> Receipt:
    with Runtime(workers=0, programs=[calls]) as runtime:
        (receipt,) = runtime.execute([Transaction(instructions)]).transactions
    return receipt


def failure_of(*instructions: Instruction) -> Failure:
    error = run(*instructions).error
    assert error is not None
    return error


def raw(data: bytes, *metas: AccountMeta) -> Instruction:
    return Instruction(calls.id, metas, data)


def test_a_call_is_a_plain_instruction() -> None:
    call = accounts(first="alice", middle=BOB, last=bytes(CAROL))
    assert call == Instruction(
        calls.id,
        (AccountMeta(ALICE, True, True), AccountMeta(BOB, True), AccountMeta(CAROL)),
        b"\x01",
    )
    assert call.program is calls
    assert not seen  # nothing was run


def test_an_optional_account_left_out_is_the_programs_key() -> None:
    call = accounts(first="alice", last="carol")
    assert call.accounts[1] == AccountMeta(calls.id)
    assert call == accounts(first="alice", middle=None, last="carol")
    assert run(call).ok
    assert seen == [[ALICE, None, CAROL]]


def test_optional_accounts_at_the_end_take_no_room() -> None:
    assert len(trailing(first="alice").accounts) == 1
    assert len(trailing(first="alice", second="bob").accounts) == 2
    assert len(trailing(first="alice", third="bob").accounts) == 3
    for call in (
        trailing(first="alice"),
        trailing(first="alice", second="bob"),
        trailing(first="alice", third="bob"),
    ):
        assert run(call).ok
    assert seen == [[False, True, True], [False, False, True], [False, True, False]]


def test_all_accounts_that_are_left() -> None:
    call = rest(first="alice", more=["bob", CAROL, "bob"])
    assert call.accounts[1:] == (
        AccountMeta(BOB, writable=True),
        AccountMeta(CAROL, writable=True),
        AccountMeta(BOB, writable=True),
    )
    assert rest(first="alice").accounts == rest(first="alice", more=[]).accounts
    assert run(call).ok
    assert seen == [[ALICE, [(BOB, True), (CAROL, True), (BOB, True)]]]


def test_a_list_of_accounts_is_no_single_name() -> None:
    """A string is a list of letters too, and each letter would be an account."""
    for one in ("bob", bytes(BOB), BOB):
        with pytest.raises(UsageError, match=r"'more'.*list"):
            rest(first="alice", more=one)


def test_arguments_in_the_programs_encoding() -> None:
    call = arguments(who="alice", amount=2, point=Point(x=3, y=4), note="hi", extra=5)
    assert call.data == (b"\x03" + ALICE + b"\2" + bytes(7) + b"\3\4" + b"\1\2\0\0\0hi" + b"\5")
    assert run(call).ok
    assert run(arguments(who=ALICE, amount=0, point=Point(), note=None)).ok
    # Left out of the data altogether, as older callers of a program do.
    assert run(raw(call.data[:-1])).ok
    assert seen == [
        [ALICE, 2, Point(x=3, y=4), "hi", 5],
        [ALICE, 0, Point(), None, 7],
        [ALICE, 2, Point(x=3, y=4), "hi", 7],
    ]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: accounts(first="alice", lsat="bob"),
            "has no 'lsat'; it takes first, middle, last",
        ),
        (lambda: accounts(first="alice"), "needs the account 'last'"),
        (lambda: accounts(first=None, last="bob"), "needs the account 'first'"),
        (lambda: accounts(first=5, last="bob"), "'first' must be a key, a name or"),
        (lambda: accounts(first=b"short", last="bob"), "first: a key has 32 bytes"),
        (lambda: rest(first="alice", more=[5]), "'more' must be a key"),
        (lambda: rest(first="alice", more=5), "'more'"),
        (lambda: long_tag(), "needs the argument 'by'"),
        (lambda: long_tag(by=256), "by: value 256 is outside u8"),
        (lambda: long_tag(by=-1), "by: value -1"),
        (lambda: long_tag(by=10**5000), "by: value an integer of"),
        (lambda: long_tag(by=True), "by: value must be an int"),
        (lambda: long_tag(by=1.0), "by: value must be an int"),
        (lambda: long_tag(by=np.uint8(1)), "by: value must be an int"),
        (lambda: long_tag(by=None), "by: value must be an int"),
        (
            lambda: arguments(who="alice", amount=1, point={"x": 1}, note=None),
            "point: .* is no Point",
        ),
        (
            lambda: arguments(who="alice", amount=1, point=Point(), note="\ud800"),
            "note: no UTF-8",
        ),
    ],
)
def test_a_call_that_cannot_be_built_names_the_value(
    build: Callable[[], object], message: str
) -> None:
    with pytest.raises(UsageError, match=rf"^calls\.\w+:? .*{message}|^calls\.\w+: {message}"):
        build()


@pytest.mark.parametrize("program", [system, token, associated_token], ids=lambda each: each.name)
def test_a_call_from_a_file_is_the_one_from_python(program: Program) -> None:
    """With each account that may be left out, and without it: files have a shorter way."""
    compared = 0
    for spec in program.instructions.values():
        values: dict[str, Any] = {p.name: f"the {p.name}" for p in spec.accounts if not p.variadic}
        values |= {p.name: p.codec.default() for p in spec.arguments}
        given = [values, values | {p.name: ["one", "two"] for p in spec.accounts if p.variadic}]
        optional = [p.name for p in spec.accounts if p.optional]
        given += [
            {name: value for name, value in each.items() if name not in optional} for each in given
        ]
        for each in given:
            json = {p.name: p.codec.to_json(each[p.name]) for p in spec.arguments}
            assert spec.from_json(each | json, Pubkey.of) == spec(**each), spec.full_name
            compared += 1
    assert compared >= 4


def test_calls_from_json() -> None:
    call = accounts.from_json({"first": "alice", "last": "carol"}, resolve)
    assert call == accounts(first="alice", last="carol")
    call = rest.from_json({"first": "alice", "more": ["bob", "carol"]}, resolve)
    assert call == rest(first="alice", more=["bob", "carol"])
    assert rest.from_json({"first": "alice", "more": "bob"}, resolve) == rest(
        first="alice", more=["bob"]
    )
    call = arguments.from_json(
        {"who": "alice", "amount": "1_000", "point": {"y": 4}, "note": None}, resolve
    )
    assert call == arguments(who="alice", amount=1000, point=Point(y=4), note=None)


@pytest.mark.parametrize(
    ("spec", "values", "message"),
    [
        (accounts, {"first": "alice"}, "needs the account 'last'"),
        (accounts, {"first": "a", "last": "b", "x": 1}, "has no 'x'"),
        (accounts, {"first": 5, "last": "b"}, "'first' must name an account"),
        (accounts, {"first": ["a"], "last": "b"}, "'first' must name an account"),
        (rest, {"first": "a", "more": [5]}, "'more' must name an account"),
        (long_tag, {"by": 256}, "by: 256 is outside u8"),
        (long_tag, {"by": 1.0}, "by: 1.0 is no integer: write one from 0 to 255"),
        (long_tag, {"by": True}, "by: true is no integer"),
        (long_tag, {"by": "9" * 5000}, "by: .* is no integer: write one of 78 digits"),
        (long_tag, {"by": None}, "by: null is no integer: write one from 0 to 255"),
        (long_tag, {}, "needs the argument 'by'"),
        (
            arguments,
            {"who": "a", "amount": 1, "point": {"z": 1}, "note": None},
            "point: Point has no field 'z'",
        ),
    ],
)
def test_json_that_makes_no_call(spec: Any, values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        spec.from_json(values, resolve)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"\xff", b"\x05", b"\x05long ta", b"\x05long tag", arguments.tag + b"\1" * 20],
)
def test_data_that_does_not_decode(data: bytes) -> None:
    assert failure_of(raw(data)).name == "InvalidInstructionData"


@pytest.mark.parametrize(
    ("given", "missing"),
    [(0, "first"), (1, "middle"), (2, "last")],
)
def test_too_few_accounts(given: int, missing: str) -> None:
    metas = [AccountMeta(ALICE, True, True), AccountMeta(BOB, True, False)]
    failure = failure_of(raw(b"\x01", *metas[:given]))
    assert failure.name == "NotEnoughAccountKeys"
    assert failure.account is None
    assert f"{missing!r} is missing" in failure.message
    assert not seen


def test_more_accounts_than_it_takes_are_ignored() -> None:
    metas = [AccountMeta(key, signer=True) for key in (ALICE, BOB, CAROL, Pubkey.of("dave"))]
    assert run(raw(b"\x01", *metas)).ok


def test_a_signer_must_have_signed() -> None:
    failure = failure_of(raw(b"\x02", AccountMeta(ALICE)))
    assert (failure.name, failure.account) == ("MissingRequiredSignature", str(ALICE))
    assert f"'first' ({ALICE}) must sign" in failure.message
    # An optional account that is named must sign as any other.
    metas = (AccountMeta(ALICE, True), AccountMeta(BOB), AccountMeta(CAROL))
    assert failure_of(raw(b"\x01", *metas)).account == str(BOB)


def test_a_signature_counts_for_the_whole_transaction() -> None:
    signed = rest(first="alice")
    assert run(signed, raw(b"\x02", AccountMeta(ALICE))).ok


def test_a_program_account_must_be_one() -> None:
    failure = failure_of(program_account(target="alice"))
    assert (failure.name, failure.account) == ("AccountNotExecutable", str(ALICE))
    assert run(program_account(target="system"), program_account(target=calls.id)).ok
    assert seen == [system.id, calls.id]


def test_the_longest_tag_that_fits_is_called() -> None:
    both = Program("both")
    called: list[str] = []

    @both.instruction(tag=b"\1\2")
    def longer() -> None:
        called.append("longer")

    @both.instruction(tag=1)
    def shorter() -> None:
        called.append("shorter")

    assert both.instruction_for(b"\1\2\3") is longer
    assert both.instruction_for(b"\1") is shorter
    assert both.instruction_for(b"\1\3") is shorter
    assert both.find_instruction(b"\2") is None


def test_metas_are_known_without_execution() -> None:
    metas = accounts.metas({"first": (ALICE,), "middle": (), "last": (BOB,)})
    assert metas == accounts(first="alice", last="bob").accounts


def test_a_view_names_its_account() -> None:
    program = Program("caller")
    built: list[Instruction] = []

    @program.instruction(tag=0)
    def handler(alice: Signer, bob: UncheckedAccount) -> None:
        built.append(rest(first=alice, more=[bob]))

    with Runtime(workers=0) as runtime:
        call = handler(alice="alice", bob="bob")
        assert runtime.execute([Transaction([call])]).ok
    assert built == [rest(first="alice", more=["bob"])]
