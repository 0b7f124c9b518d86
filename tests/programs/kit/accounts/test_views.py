"""What a handler may do through an account view: every rule raises at the line that breaks it."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sealane import Pubkey
from sealane.programs import (
    ACCOUNT_DATA_LEN_MAX,
    Context,
    Layout,
    Mut,
    ProgramFailure,
    Signer,
    UncheckedAccount,
    u8,
    u64,
)

from ..conftest import Probe


class Pair(Layout):
    low: u8
    count: u64


OWN_DATA = bytes(range(1, 9))
OTHER = Pubkey.of("other")


def test_an_owner_may_do_everything(probe: Probe) -> None:
    def handler(
        mine: Mut[UncheckedAccount], theirs: Mut[UncheckedAccount], alice: Mut[Signer]
    ) -> None:
        mine.lamports -= 30
        theirs.lamports += 10
        alice.lamports += 20
        mine.data[0] = 9
        mine.resize(4)

    outcome = probe(handler)
    assert outcome.receipt.ok
    assert outcome.accounts["mine"] == (70, Pubkey.of("probe"), b"\x09\2\3\4", False)
    assert outcome.accounts["theirs"] == (110, OTHER, OWN_DATA, False)
    assert outcome.accounts["alice"].lamports == 120


def test_what_every_view_tells(probe: Probe, keep: dict[str, Any]) -> None:
    def handler(mine: UncheckedAccount, alice: Mut[Signer], bob: Mut[UncheckedAccount]) -> None:
        keep["mine"] = (mine.key, mine.lamports, mine.owner, bytes(mine.data), mine.executable)
        keep["flags"] = [(v.is_signer, v.is_writable) for v in (mine, alice, bob)]
        keep["len"] = mine.data_len

    assert probe(handler).receipt.ok
    assert keep["mine"] == (Pubkey.of("mine"), 100, Pubkey.of("probe"), OWN_DATA, False)
    assert keep["flags"] == [(False, False), (True, True), (False, True)]
    assert keep["len"] == 8


def debit_theirs(theirs: Mut[UncheckedAccount]) -> None:
    theirs.lamports -= 1


def credit_read_only(theirs: UncheckedAccount, mine: Mut[UncheckedAccount]) -> None:
    theirs.lamports += 1


def debit_mine_read_only(mine: UncheckedAccount) -> None:
    mine.lamports -= 1


def replace_data_of_theirs(theirs: Mut[UncheckedAccount]) -> None:
    theirs.data = bytes(8)


def replace_data_read_only(mine: UncheckedAccount) -> None:
    mine.data = bytes(8)


def write_layout_read_only(mine: Pair) -> None:
    mine.low = 1


def resize_theirs(theirs: Mut[UncheckedAccount]) -> None:
    theirs.resize(9)


def resize_read_only(mine: UncheckedAccount) -> None:
    mine.resize(9)


def resize_past_the_limit(mine: Mut[UncheckedAccount]) -> None:
    mine.resize(ACCOUNT_DATA_LEN_MAX + 1)


def give_away_theirs(theirs: Mut[UncheckedAccount]) -> None:
    theirs.owner = "probe"


def give_away_read_only(mine: UncheckedAccount) -> None:
    mine.owner = OTHER


def give_away_with_data(mine: Mut[UncheckedAccount]) -> None:
    mine.owner = OTHER


@pytest.mark.parametrize(
    ("handler", "error", "parameter"),
    [
        (debit_theirs, "ExternalAccountLamportSpend", "theirs"),
        (credit_read_only, "ReadonlyLamportChange", "theirs"),
        (debit_mine_read_only, "ReadonlyLamportChange", "mine"),
        (replace_data_of_theirs, "ExternalAccountDataModified", "theirs"),
        (replace_data_read_only, "ReadonlyDataModified", "mine"),
        (write_layout_read_only, "ReadonlyDataModified", "mine"),
        (resize_theirs, "AccountDataSizeChanged", "theirs"),
        (resize_read_only, "ReadonlyDataModified", "mine"),
        (resize_past_the_limit, "InvalidRealloc", "mine"),
        (give_away_theirs, "ModifiedProgramId", "theirs"),
        (give_away_read_only, "ModifiedProgramId", "mine"),
        (give_away_with_data, "ModifiedProgramId", "mine"),
    ],
)
def test_a_broken_rule_names_parameter_account_program_and_line(
    probe: Probe, handler: Callable[..., None], error: str, parameter: str
) -> None:
    data = {"mine": Pair(low=1)} if handler is write_layout_read_only else {}
    failure = probe(handler, data=data).error
    assert (failure.program, failure.name) == (None, error)
    assert failure.account == str(Pubkey.of(parameter))  # they are called alike
    assert failure.instruction == 0
    line = handler.__code__.co_firstlineno + 1
    for named in (f"'{parameter}'", str(Pubkey.of(parameter)), "probe may not"):
        assert named in failure.message
    assert failure.message.endswith(f"({Path(__file__).name}:{line})")


@pytest.mark.parametrize("right", ["writable", "read-only"])
def test_an_undeclared_account_is_missing(probe: Probe, right: str) -> None:
    def handler(ctx: Context, mine: Mut[UncheckedAccount]) -> None:
        account = ctx.account("bob")
        if right == "writable":
            account.lamports += 1

    failure = probe(handler).error
    assert failure.name == "MissingAccount"
    assert str(Pubkey.of("bob")) in failure.message


def test_a_declared_account_by_its_key_has_its_declared_rights(probe: Probe) -> None:
    def allowed(ctx: Context, mine: Mut[UncheckedAccount]) -> None:
        ctx.account("mine").data[0] = 5

    def refused(ctx: Context, mine: UncheckedAccount) -> None:
        ctx.account("mine").lamports -= 1

    assert probe(allowed).accounts["mine"].data[0] == 5
    assert probe(refused).error.name == "ReadonlyLamportChange"


@pytest.mark.parametrize(
    "value", [-1, 2**64, True, 1.0, "1", None, np.uint64(1), np.int64(5), 10**4000]
)
def test_lamports_are_u64(probe: Probe, value: object) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        mine.lamports = value  # pyright: ignore[reportAttributeAccessIssue]

    failure = probe(handler).error
    assert failure.name in {"InvalidArgument", "ArithmeticOverflow"}
    assert "lamports of 'mine'" in failure.message


@pytest.mark.parametrize("value", [-1, -8, 2**64, True, 1.0, "1", None, np.int64(5)])
def test_a_length_is_a_plain_integer(probe: Probe, value: object) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        mine.resize(value)  # pyright: ignore[reportArgumentType]

    failure = probe(handler).error
    assert failure.name in {"InvalidArgument", "ArithmeticOverflow", "InvalidRealloc"}
    assert "mine" in failure.message


@pytest.mark.parametrize("value", [5, True, "text", None, [1, 2], 2**70])
def test_data_is_bytes(probe: Probe, value: object) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        mine.data = value  # pyright: ignore[reportAttributeAccessIssue]

    failure = probe(handler).error
    assert failure.name == "InvalidArgument"
    assert "bytes" in failure.message


def test_u64_overflow_and_underflow_do_not_wrap(probe: Probe) -> None:
    def overflow(mine: Mut[UncheckedAccount]) -> None:
        mine.lamports += 2**64 - 100

    def underflow(mine: Mut[UncheckedAccount]) -> None:
        mine.lamports -= 101

    assert probe(overflow).error.name == "ArithmeticOverflow"
    assert probe(underflow).error.name == "ArithmeticOverflow"


def test_data_of_a_read_only_account_cannot_be_written_through_any_view(probe: Probe) -> None:
    def whole(mine: UncheckedAccount) -> None:
        mine.data[0] = 1

    def part(mine: UncheckedAccount) -> None:
        mine.data[2:4][0] = 1

    def cast(mine: UncheckedAccount) -> None:
        mine.data.cast("Q")[0] = 1

    def theirs_whole(theirs: Mut[UncheckedAccount]) -> None:
        theirs.data[0] = 1

    for handler in (whole, part, cast):
        failure = probe(handler).error
        assert (failure.name, failure.account) == ("ReadonlyDataModified", str(Pubkey.of("mine")))
        line = handler.__code__.co_firstlineno + 1
        assert f"({Path(__file__).name}:{line})" in failure.message
    # The account is writable in the transaction, but not by this program.
    outcome = probe(theirs_whole)
    assert not outcome.receipt.ok
    assert outcome.error.name == "ExternalAccountDataModified"


def test_the_bytes_behind_a_read_only_view_cannot_be_reached(probe: Probe) -> None:
    def handler(mine: UncheckedAccount, theirs: Mut[UncheckedAccount]) -> None:
        for account in (mine, theirs):
            behind = account.data.obj
            if isinstance(behind, bytearray):
                behind[0] = 99

    outcome = probe(handler)
    assert outcome.accounts["mine"].data == OWN_DATA
    assert outcome.accounts["theirs"].data == OWN_DATA


def test_read_only_by_parameter_though_another_declares_it_writable(probe: Probe) -> None:
    def handler(mine: UncheckedAccount, mine_too: Mut[UncheckedAccount]) -> None:
        mine_too.data[0] = 42
        assert mine.data[0] == 42  # both show the same account
        mine.data[0] = 43

    outcome = probe(handler, keys={"mine_too": "mine"})
    assert outcome.error.name in {"ReadonlyDataModified", "ExternalAccountDataModified"}


def test_two_parameters_on_one_key_show_one_account(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount], mine_too: Mut[UncheckedAccount]) -> None:
        mine.lamports -= 10
        mine_too.lamports += 10
        mine.data[0] = 9
        mine_too.data[1] = mine.data[0]

    outcome = probe(handler, keys={"mine_too": "mine"})
    assert outcome.accounts["mine"][2][:2] == b"\x09\x09"
    assert outcome.accounts["mine"].lamports == 100


def test_data_may_be_replaced_by_itself_and_by_views(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount], mine_2: Mut[UncheckedAccount]) -> None:
        mine.data = mine.data
        mine.data = bytes(mine.data[2:6])
        mine_2.data = mine.data
        mine_2.data = bytes(mine_2.data) + b"x"

    outcome = probe(handler)
    assert outcome.receipt.ok, outcome.receipt
    assert outcome.accounts["mine"].data == OWN_DATA[2:6]
    assert outcome.accounts["mine_2"].data == OWN_DATA[2:6] + b"x"


def test_a_view_of_data_in_a_with_statement(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        with mine.data as data:
            data[0] = 7
        with mine.data as data:
            data[1] = 8
        mine.resize(3)
        mine.data[2] = 9

    assert probe(handler).accounts["mine"].data == b"\7\x08\x09"


def test_resize_zeroes_what_is_new(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        mine.resize(2)
        mine.resize(10)

    assert probe(handler).accounts["mine"].data == b"\1\2" + bytes(8)


def test_resizing_under_a_view_of_the_data(probe: Probe) -> None:
    def whole(mine: Mut[UncheckedAccount]) -> None:
        data = mine.data
        mine.resize(16)
        data[0] = 1

    def part(mine: Mut[UncheckedAccount]) -> None:
        part = mine.data[:4]
        mine.resize(16)
        part[0] = 1

    for handler in (whole, part):
        assert probe(handler).error.name == "AccountBorrowFailed"


def test_a_view_of_data_does_not_outlive_ownership(probe: Probe) -> None:
    def whole(mine: Mut[UncheckedAccount]) -> None:
        data = mine.data
        data[:] = bytes(8)
        mine.owner = OTHER
        data[0] = 66

    def part(mine: Mut[UncheckedAccount]) -> None:
        data = mine.data[0:8]
        data[:] = bytes(8)
        mine.owner = OTHER
        data[0] = 66

    for handler in (whole, part):
        assert probe(handler).error.name == "AccountBorrowFailed"


def test_handing_over_an_account_of_zeros(probe: Probe) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        mine.data = bytes(8)
        mine.owner = "other"
        mine.owner = "other"  # no change: not refused

    def and_then_write(mine: Mut[UncheckedAccount]) -> None:
        mine.data = bytes(8)
        mine.owner = "other"
        mine.data[0] = 1

    assert probe(handler).accounts["mine"].owner == OTHER
    assert probe(and_then_write).error.name == "ExternalAccountDataModified"


@pytest.mark.parametrize("owner", [b"short", 5, None])
def test_an_owner_is_a_key(probe: Probe, owner: object) -> None:
    def handler(mine: Mut[UncheckedAccount]) -> None:
        mine.data = bytes(8)
        mine.owner = owner  # pyright: ignore[reportAttributeAccessIssue]

    assert not probe(handler).receipt.ok


def test_a_rule_broken_and_caught_has_no_effect(probe: Probe) -> None:
    def handler(theirs: Mut[UncheckedAccount], mine: UncheckedAccount) -> None:
        for attempt in (
            lambda: setattr(theirs, "lamports", 0),
            lambda: setattr(theirs, "data", b""),
            lambda: setattr(mine, "lamports", 1),
            lambda: mine.resize(0),
        ):
            try:
                attempt()
            except ProgramFailure:
                traceback.format_exc()

    outcome = probe(handler)
    assert outcome.accounts["theirs"] == (100, OTHER, OWN_DATA, False)
    assert outcome.accounts["mine"].data == OWN_DATA
