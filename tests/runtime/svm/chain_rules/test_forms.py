"""Each rule of the chain in its three forms: columns and the row loop accept only what the rule
for one transaction allows.

    one transaction   the rule             raises, or returns why not
    columns           picks rows           True where the rule is to be asked
    row loop          text of a condition  true where the rule is to be asked

Where the two fast forms are exact, they are compared with the rule in both directions.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.primitives import SYSTEM_PROGRAM_ID, ProgramFailure
from sealane.primitives.account import EMPTY_ACCOUNT
from sealane.primitives.known_keys import INCINERATOR_ID
from sealane.programs import Program, Rent, builtin_programs
from sealane.programs.kit.accounts.account import release_data
from sealane.programs.kit.accounts.record import AccountRecord
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.nonce_account import (
    NonceAccount,
    NonceHeader,
    NonceState,
    NonceVersion,
)
from sealane.runtime.columns.key_rows import are_key, only_key
from sealane.runtime.svm.chain_rules import balance, borrow, fee, rent, vanish

bank = Program("bank", pays_fees=True)
shop = Program("shop")
PROGRAMS = ProgramSet([*builtin_programs(), bank, shop])
PAYER_OWNERS = tuple(bytes(p.id) for p in PROGRAMS if p.pays_fees)
NONCE = (
    NonceHeader(version=NonceVersion.Current, state=NonceState.Initialized)
    .encode()
    .ljust(NonceAccount.layout_size, b"\0")
)
MINIMUM = Rent().minimum_balance(0)
U64_MAX = 2**64 - 1
KEY = Pubkey.of("payer")

# Around everything that a rule compares with.
lamports = st.one_of(
    st.sampled_from([0, 1, 5_000, 5_001, MINIMUM - 1, MINIMUM, MINIMUM + 1, 1 << 60, U64_MAX]),
    st.integers(0, 3 * MINIMUM),
    st.integers(0, U64_MAX),
)
owners = st.sampled_from([SYSTEM_PROGRAM_ID, bank.id, shop.id, Pubkey.of("nobody's program")])
data = st.sampled_from([b"", b"\0" * 8, NONCE, NONCE[:-1], bytes(len(NONCE))])
accounts = st.builds(Account, lamports, owners, data, st.just(False))
many = settings(max_examples=400, deadline=None, derandomize=True, database=None)


def holds(condition: str, **values: Any) -> bool:
    """Whether a condition of the row loop is true of these values."""
    return bool(eval(condition, {}, values))


def column(values: list[int]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    return np.array(values, dtype=np.uint64)


@many
@given(lamports, lamports, lamports)
def test_rent_is_one_rule_for_numbers_columns_and_rows(before: int, after: int, least: int) -> None:
    expected = bool(rent.becomes_rent_paying(before, after, least))
    assert expected == (0 < after < least and (after > before or before >= least))
    as_column = rent.becomes_rent_paying(column([before]), column([after]), column([least]))
    assert as_column.tolist() == [expected]
    text = rent.becomes_rent_paying_text("before", "after", "least")
    assert holds(text, before=before, after=after, least=least) == expected
    if after <= before:
        text = rent.debit_makes_rent_paying_text("before", "after", "least")
        assert holds(text, before=before, after=after, least=least) == expected


@many
@given(st.integers(0, 10 * 1024 * 1024))
def test_minimums_of_columns_are_those_of_numbers(data_len: int) -> None:
    (minimum,) = rent.rent_minimums(Rent(), np.array([data_len])).tolist()
    assert minimum == Rent().minimum_balance(data_len)


@pytest.mark.parametrize("enforced", [False, True])
def test_payers_that_are_not_doubtful_and_hold_enough_can_pay(enforced: bool) -> None:
    """Both ways for payers without data, whom the quick forms must not leave to the rule."""
    rules = Rent(enforced=enforced)
    paid = 0

    @many
    @given(st.lists(st.tuples(accounts, lamports), min_size=1, max_size=6))
    def check(payers: list[tuple[Account, int]]) -> None:
        nonlocal paid
        fees = column([charged for _, charged in payers])
        lens = np.array([len(state.data) for state, _ in payers])
        keys = np.frombuffer(b"".join(s.owner for s, _ in payers), np.uint8).reshape(-1, 32)
        only = only_key(keys)
        doubtful = fee.doubtful_payers(fees, lens, PAYER_OWNERS, only, partial(are_key, keys, only))
        for (state, charged), doubt in zip(payers, doubtful.tolist(), strict=True):
            if not charged:
                assert not doubt  # nobody asks who pays nothing
                continue
            refused = fee.refuse_payer(KEY, state, charged, PROGRAMS, rules)
            waved = not doubt and not _stopped(state, charged, rules)
            assert refused is None or not waved
            if not state.data:
                assert waved == (refused is None)
            paid += waved

    check()
    assert paid > 100


def _stopped(state: Account, charged: int, rules: Rent) -> bool:
    """Whether the loop, and the columns alike, leave the row for what the payer holds."""
    held, least = state.lamports, rules.minimum_balance(len(state.data))
    poor = holds(fee.too_poor_text("held", "charged"), held=held, charged=charged)
    assert poor == bool((column([held]) < column([charged]))[0])
    text = fee.too_poor_or_emptied_text("held", "charged")
    assert holds(text, held=held, charged=charged) == (poor or held == charged)
    if poor or not rules.enforced:
        return poor
    text = rent.debit_makes_rent_paying_text("held", "left", "least")
    return holds(text, held=held, left=held - charged, least=least)


@many
@given(accounts, lamports, lamports)
def test_a_debited_payer_is_the_same_but_for_the_fee(
    state: Account, more: int, charged: int
) -> None:
    payer = state._replace(lamports=charged + more)
    assert fee.debited(payer, charged) == state._replace(lamports=more)


@many
@given(accounts, lamports)
def test_accounts_that_need_no_reset_are_unchanged(before: Account, after: int) -> None:
    left = before._replace(lamports=after)
    vanished = vanish.left_behind(before, left)
    reset = vanish.must_be_reset(
        column([before.lamports]),
        column([after]),
        np.array([len(before.data)]),
        np.array([before.owner == SYSTEM_PROGRAM_ID]),
    ).tolist()
    assert reset == [vanished != left]  # both ways: owner and size are as before
    emptied = holds(vanish.emptied_text("held", "now"), held=before.lamports, now=after)
    assert emptied == (before.lamports != 0 and after == 0)
    assert emptied or vanished == left


@many
@given(accounts, accounts)
def test_an_account_without_lamports_vanishes_unless_it_was_placed(
    before: Account, after: Account
) -> None:
    left = vanish.left_behind(before, after)
    if after.lamports or (before.lamports == 0 and before != EMPTY_ACCOUNT):
        assert left == after
    else:
        assert left == EMPTY_ACCOUNT


@many
@given(st.lists(st.tuples(lamports, lamports), min_size=1, max_size=8))
def test_sums_differ_in_columns_and_rows_as_in_numbers(sides: list[tuple[int, int]]) -> None:
    before, after = [b for b, _ in sides], [a for _, a in sides]
    for these in (after, sorted(before, reverse=True)):
        differ = sum(before) != sum(these)
        columns = [[column([value]) for value in side] for side in (before, these)]
        assert balance.sums_differ(*columns).tolist() == [differ]
        names = [[f"{side}{k}" for k in range(len(before))] for side in "gl"]
        values = dict(zip(names[0] + names[1], before + these, strict=True))
        assert holds(balance.unbalanced_text(*names), **values) == differ
        if differ:
            with pytest.raises(ProgramFailure, match="a difference of"):
                balance.require_balanced("shop", sum(before), sum(these))
        else:
            balance.require_balanced("shop", sum(before), sum(these))


def test_a_sum_that_wraps_differs_from_one_that_does_not() -> None:
    """Two halves of 2^64, and nothing: equal where sums wrap."""
    half = column([1 << 63])
    nothing = column([0])
    assert balance.sums_differ([half, half], [nothing, nothing]).tolist() == [True]


@pytest.mark.parametrize("size", [0, 8])
@pytest.mark.parametrize("use", ["none", "returned", "kept"])
def test_a_kept_view_is_found_by_the_rule_and_by_the_loop(use: str, size: int) -> None:
    state = Account(1, shop.id, bytes(size))
    records = [AccountRecord(KEY, state, writable=True) for _ in range(2)]
    views = [memoryview(record.buffer) for record in records] if use != "none" else []
    for record, view in zip(records, views, strict=False):
        record.borrowed = view[:]
    if use == "returned":
        for view in views:
            view.release()
    at_rule, in_loop = records
    asked = holds(borrow.lent_view_text("r0"), r0=in_loop)
    assert asked == (use != "none")
    unusual = holds(
        borrow.kept_view_text("r0", has_data=size > 0), r0=in_loop, release_data=release_data
    )
    if use == "kept":
        assert unusual
        with pytest.raises(ProgramFailure) as raised:
            borrow.require_returned_views("shop", [at_rule])
        assert raised.value.error.name == "AccountBorrowOutstanding"
        assert raised.value.account == str(KEY)
    else:
        borrow.require_returned_views("shop", [at_rule])
        # Without data the buffer is every row's: a view of it is looked at in any case.
        assert unusual == (use == "returned" and not size)


def test_the_incinerator_may_be_left_with_any_amount() -> None:
    rules = Rent(enforced=True)
    for key, breaks in ((KEY, True), (INCINERATOR_ID, False)):
        record = AccountRecord(key, Account(1), writable=True)
        assert rent.breaks_rent(EMPTY_ACCOUNT, 0, record, rules) is breaks
        refused = fee.refuse_payer(key, Account(MINIMUM), 1, PROGRAMS, rules)
        assert (refused is not None) is breaks
